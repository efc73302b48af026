export { Abandoned } from './abandoned.js';
export { Asked, introduce, type Introduction } from './asked.js';
export { fieldErrors, fit, misfit } from './fit.js';
export { NdJson, UNREADABLE_LINE } from './ndjson.js';
export { decodeCursor, encodeCursor, pageFrom, pageOf, pageQuery, type Page } from './page.js';
export { ALSO_AS_TEXT, AlsoAsText, PlainText, PlainTextInterceptor } from './plain-text.js';
export {
  problemFor,
  problemOf,
  problemSchema,
  type Problem,
  type SpokenRefusal,
} from './problem.js';
export { queryBoolean, queryDecimal, queryInteger, queryList } from './query-fields.js';
export { sendEvents, type ServerSentEvent } from './server-sent-events.js';
export { documentedRefusal, Refuses } from './refusals.js';
export { RepeatableInterceptor, type Answer } from './repeatable.js';

import { label, moment } from '#kernel';
import { pageQuery, queryBoolean, queryDecimal } from '#rest';
import { z } from 'zod';
import { patternStatus, patternType } from '../read-model/pattern.response.js';

const USUAL = 10;
const MOST = 50;

export const listPatternsQuery = z.strictObject({
  ...pageQuery(MOST, USUAL),
  task_type: label()
    .optional()
    .meta({ description: 'A type: patterns whose regex matches it.', example: 'implement_api' }),
  pattern_type: patternType.optional(),
  status: patternStatus
    .optional()
    .meta({ description: 'Candidates and active ones when left out.' }),
  min_confidence: queryDecimal(0, 1).default(0),
  flagged: queryBoolean()
    .optional()
    .meta({ description: '`true`: those alone whose uplift is clearly negative.' }),
  parent: z.uuid().optional().meta({
    description: 'A pattern: those alone that are about a part of what it is about (`parents`).',
  }),
});
export type ListPatternsQuery = z.output<typeof listPatternsQuery>;

const as_of = z
  .union([z.string().regex(/^\d+$/).transform(BigInt), moment()], {
    error: 'must be a position in the log, or a time such as 2026-01-31T12:00:00Z',
  })
  .optional()
  .meta({
    type: 'string',
    description:
      'As it stood then: at a position in the log (a whole number), or at a time (RFC 3339, to ' +
      'the millisecond). Past the end of the log it is as it stands now.',
  });

export const onePatternQuery = z.strictObject({ as_of });
export type OnePatternQuery = z.output<typeof onePatternQuery>;

export const behindPatternQuery = z.strictObject({ ...pageQuery(), as_of });
export type BehindPatternQuery = z.output<typeof behindPatternQuery>;

export {
  PatternConfidenceChanged,
  PatternDemoted,
  PatternLearned,
  PatternMatched,
} from './notifications.js';
export {
  PatternsFacade,
  type PatternSearch,
  type Prediction,
  type PredictionAsked,
  type TaskPattern,
} from './patterns.facade.js';
export { PatternsModule } from './patterns.module.js';
export { RetireExtracted } from './retire-pattern/retire-pattern.command.js';
export {
  nullTestRequest,
  nullTestResponse,
  type NullTestRequest,
  type NullTestResponse,
} from './run-null-test/null-test.request.js';
export { RunNullTest } from './run-null-test/run-null-test.query.js';

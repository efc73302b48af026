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

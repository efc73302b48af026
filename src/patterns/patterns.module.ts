import { EventCatalog, Followers } from '#event-store';
import { Module } from '@nestjs/common';
import { patternEvents } from './domain/pattern.events.js';
import { ExplainSuggestionHandler } from './explain-suggestion/explain-suggestion.handler.js';
import { ExtractPatternHandler } from './extract-pattern/extract-pattern.handler.js';
import { WhenAdvisedTaskDeleted } from './forget-comments/when-advised-task-deleted.js';
import {
  GetEvidenceHandler,
  GetHistoryHandler,
  GetPatternHandler,
  ListPatternsHandler,
} from './get-patterns/get-patterns.handler.js';
import { GiveFeedbackHandler } from './give-feedback/give-feedback.handler.js';
import { HistoryPlotController } from './history-plot.controller.js';
import { CaughtUp } from './learn/caught-up.js';
import { LogTimes } from './look-back/log-times.js';
import { LookBack } from './look-back/look-back.js';
import { MatchPatternsHandler } from './match-patterns/match-patterns.handler.js';
import { PatternsController } from './patterns.controller.js';
import { PatternsFacade } from './patterns.facade.js';
import { PlotHistoryHandler } from './plot-history/plot-history.handler.js';
import { PredictHandler } from './predict/predict.handler.js';
import { descriptions } from './read-model/descriptions.projection.js';
import { EvidenceReader } from './read-model/evidence.reader.js';
import { learnerProjection } from './read-model/learner.projection.js';
import { PastReader } from './read-model/past.reader.js';
import { PatternReader } from './read-model/pattern.reader.js';
import { PredictionReader } from './read-model/prediction.reader.js';
import { SampleReader } from './read-model/sample.reader.js';
import { SuggestionReader } from './read-model/suggestion.reader.js';
import { suggestions } from './read-model/suggestions.projection.js';
import { PatternDecisions } from './retire-pattern/pattern-decisions.js';
import {
  RestorePatternHandler,
  RetireExtractedHandler,
  RetirePatternHandler,
} from './retire-pattern/retire-pattern.handler.js';
import { RunNullTestHandler } from './run-null-test/run-null-test.handler.js';
import { TriedLogs } from './run-null-test/tried-log.js';

@Module({
  controllers: [PatternsController, HistoryPlotController],
  providers: [
    PatternsFacade,
    CaughtUp,
    PatternDecisions,
    PatternReader,
    EvidenceReader,
    SampleReader,
    PredictionReader,
    PastReader,
    SuggestionReader,
    WhenAdvisedTaskDeleted,
    LogTimes,
    LookBack,
    ListPatternsHandler,
    GetPatternHandler,
    GetEvidenceHandler,
    GetHistoryHandler,
    PlotHistoryHandler,
    ExtractPatternHandler,
    GiveFeedbackHandler,
    RetirePatternHandler,
    RetireExtractedHandler,
    RestorePatternHandler,
    PredictHandler,
    MatchPatternsHandler,
    ExplainSuggestionHandler,
    TriedLogs,
    RunNullTestHandler,
  ],
  exports: [PatternsFacade],
})
export class PatternsModule {
  constructor(catalog: EventCatalog, followers: Followers) {
    catalog.add(patternEvents);
    followers.project(learnerProjection);
    followers.project(descriptions);
    followers.project(suggestions);
  }
}

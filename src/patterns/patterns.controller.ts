import { label, type Caller } from '#kernel';
import { Asked, pageOf, Refuses, type Answer, type Page } from '#rest';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ExplainSuggestion } from './explain-suggestion/explain-suggestion.query.js';
import { ExtractPattern } from './extract-pattern/extract-pattern.command.js';
import {
  dryRunResponse,
  extractPatternRequest,
  extractPatternResponse,
  type ExtractPatternRequest,
  type ExtractPatternResponse,
} from './extract-pattern/extract-pattern.request.js';
import {
  GetEvidence,
  GetHistory,
  GetPattern,
  ListPatterns,
} from './get-patterns/get-patterns.query.js';
import {
  behindPatternQuery,
  listPatternsQuery,
  onePatternQuery,
  type BehindPatternQuery,
  type ListPatternsQuery,
  type OnePatternQuery,
} from './get-patterns/get-patterns.request.js';
import { GiveFeedback } from './give-feedback/give-feedback.command.js';
import {
  giveFeedbackRequest,
  giveFeedbackResponse,
  type GiveFeedbackRequest,
  type GiveFeedbackResponse,
} from './give-feedback/give-feedback.request.js';
import { Predict } from './predict/predict.query.js';
import {
  predictRequest,
  predictResponse,
  type PredictRequest,
  type PredictResponse,
} from './predict/predict.request.js';
import {
  evidenceResponse,
  patternChange,
  patternResponse,
  type EvidenceResponse,
  type PatternChange,
  type PatternResponse,
} from './read-model/pattern.response.js';
import { suggestionResponse, type SuggestionResponse } from './read-model/suggestion.response.js';
import { RestorePattern, RetirePattern } from './retire-pattern/retire-pattern.command.js';
import {
  retirePatternRequest,
  retirePatternResponse,
  type RetirePatternRequest,
  type RetirePatternResponse,
} from './retire-pattern/retire-pattern.request.js';

const patternId = label().toLowerCase();
const suggestionId = label().toLowerCase();

@ApiTags('memory')
@Controller('memory')
export class PatternsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('patterns')
  @ApiOperation({ summary: 'What was learned, the surest first' })
  @ApiOkResponse({ standardSchema: pageOf(patternResponse) })
  @Refuses(404)
  list(
    @Asked() caller: Caller,
    @Query({ schema: listPatternsQuery }) query: ListPatternsQuery,
  ): Promise<Page<PatternResponse>> {
    return this.queries.execute(new ListPatterns(caller, query));
  }

  @Post('patterns/extract')
  @ApiOperation({
    summary: 'Watch for the tasks that a regex finds, past and future',
    description: 'With dry_run it only says what would match.',
  })
  @ApiCreatedResponse({ standardSchema: extractPatternResponse })
  @ApiOkResponse({
    standardSchema: extractPatternResponse.or(dryRunResponse),
    description: 'A dry run, or it was extracted before.',
  })
  @Refuses(409)
  extract(
    @Asked() caller: Caller,
    @Body({ schema: extractPatternRequest }) body: ExtractPatternRequest,
  ): Promise<Answer<ExtractPatternResponse>> {
    return this.commands.execute(new ExtractPattern(caller, body));
  }

  @Get('patterns/:pattern_id')
  @ApiOperation({ summary: 'One pattern' })
  @ApiOkResponse({ standardSchema: patternResponse })
  @Refuses(404)
  one(
    @Asked() caller: Caller,
    @Param('pattern_id', { schema: patternId }) id: string,
    @Query({ schema: onePatternQuery }) query: OnePatternQuery,
  ): Promise<PatternResponse> {
    return this.queries.execute(new GetPattern(caller, id, query));
  }

  @Get('patterns/:pattern_id/evidence')
  @ApiOperation({ summary: 'A pattern and the executions behind it, oldest first' })
  @ApiOkResponse({ standardSchema: evidenceResponse })
  @Refuses(404)
  evidence(
    @Asked() caller: Caller,
    @Param('pattern_id', { schema: patternId }) id: string,
    @Query({ schema: behindPatternQuery }) query: BehindPatternQuery,
  ): Promise<EvidenceResponse> {
    return this.queries.execute(new GetEvidence(caller, id, query));
  }

  @Get('patterns/:pattern_id/history')
  @ApiOperation({ summary: 'How a pattern came to be and changed, oldest first' })
  @ApiOkResponse({ standardSchema: pageOf(patternChange) })
  @Refuses(404)
  history(
    @Asked() caller: Caller,
    @Param('pattern_id', { schema: patternId }) id: string,
    @Query({ schema: behindPatternQuery }) query: BehindPatternQuery,
  ): Promise<Page<PatternChange>> {
    return this.queries.execute(new GetHistory(caller, id, query));
  }

  @Post('patterns/:pattern_id/feedback')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say whether a pattern helped; the latest word of each actor counts' })
  @ApiOkResponse({ standardSchema: giveFeedbackResponse })
  @Refuses(404, 409)
  feedback(
    @Asked() caller: Caller,
    @Param('pattern_id', { schema: patternId }) id: string,
    @Body({ schema: giveFeedbackRequest }) body: GiveFeedbackRequest,
  ): Promise<Answer<GiveFeedbackResponse>> {
    return this.commands.execute(new GiveFeedback(caller, id, body));
  }

  @Post('patterns/:pattern_id/retire')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a pattern out of service; it goes on counting' })
  @ApiOkResponse({ standardSchema: retirePatternResponse })
  @Refuses(404, 409)
  retire(
    @Asked() caller: Caller,
    @Param('pattern_id', { schema: patternId }) id: string,
    @Body({ schema: retirePatternRequest }) body: RetirePatternRequest,
  ): Promise<Answer<RetirePatternResponse>> {
    return this.commands.execute(new RetirePattern(caller, id, body.reason));
  }

  @Post('patterns/:pattern_id/restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put a retired pattern back, as it stands by now' })
  @ApiOkResponse({ standardSchema: retirePatternResponse })
  @Refuses(404, 409)
  restore(
    @Asked() caller: Caller,
    @Param('pattern_id', { schema: patternId }) id: string,
    @Body({ schema: retirePatternRequest }) body: RetirePatternRequest,
  ): Promise<Answer<RetirePatternResponse>> {
    return this.commands.execute(new RestorePattern(caller, id, body.reason));
  }

  @Get('suggestions/:suggestion_id')
  @ApiOperation({
    summary: 'Why something was suggested, and how it went',
    description: 'The evidence of each pattern is that of then, so it may take a second or two.',
  })
  @ApiOkResponse({ standardSchema: suggestionResponse })
  @Refuses(404)
  suggestion(
    @Asked() caller: Caller,
    @Param('suggestion_id', { schema: suggestionId }) id: string,
  ): Promise<SuggestionResponse> {
    return this.queries.execute(new ExplainSuggestion(caller, id));
  }

  @Post('predict')
  @HttpCode(200)
  @ApiOperation({ summary: 'How likely the next execution of such a task succeeds' })
  @ApiOkResponse({ standardSchema: predictResponse })
  predict(
    @Asked() caller: Caller,
    @Body({ schema: predictRequest }) body: PredictRequest,
  ): Promise<PredictResponse> {
    return this.queries.execute(new Predict(caller, body));
  }
}

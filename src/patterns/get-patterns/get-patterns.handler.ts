import { decodeCursor, pageFrom, type Page } from '#rest';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { unknownPattern } from '../domain/pattern.errors.js';
import { CaughtUp } from '../learn/caught-up.js';
import { LookBack, type AsOf } from '../look-back/look-back.js';
import type { Behind, EvidencePage } from '../read-model/evidence-rows.js';
import { EvidenceReader } from '../read-model/evidence.reader.js';
import { NOW } from '../read-model/learner.js';
import { PatternReader, placeOf, type PatternFilter } from '../read-model/pattern.reader.js';
import type {
  EvidenceResponse,
  PatternChange,
  PatternResponse,
} from '../read-model/pattern.response.js';
import { GetEvidence, GetHistory, GetPattern, ListPatterns } from './get-patterns.query.js';
import type { ListPatternsQuery } from './get-patterns.request.js';

const patternKey = z.tuple([z.number(), z.int(), z.uuid()]);
const evidenceKey = z.tuple([z.string().regex(/^\d{1,18}$/)]);
const changeKey = z.tuple([z.int().min(0)]);

@QueryHandler(ListPatterns)
export class ListPatternsHandler implements IQueryHandler<ListPatterns> {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly patterns: PatternReader,
  ) {}

  async execute({ caller, asked }: ListPatterns): Promise<Page<PatternResponse>> {
    const after = decodeCursor(asked.cursor, patternKey);
    await this.caughtUp.withOutcomes();
    const rows = await this.patterns.list(
      caller.namespace,
      filterOf(asked),
      after,
      asked.limit + 1,
    );

    return pageFrom(rows, asked.limit, placeOf);
  }
}

function filterOf({
  task_type,
  pattern_type,
  status,
  min_confidence,
  flagged,
  parent,
}: ListPatternsQuery): PatternFilter {
  return {
    matching: task_type === undefined ? null : { taskType: task_type, line: task_type },
    patternType: pattern_type ?? null,
    statuses: status === undefined ? ['candidate', 'active'] : [status],
    minConfidence: min_confidence,
    isFlagged: flagged ?? null,
    parent: parent ?? null,
  };
}

@QueryHandler(GetPattern)
export class GetPatternHandler implements IQueryHandler<GetPattern> {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly patterns: PatternReader,
    private readonly lookBack: LookBack,
  ) {}

  async execute({ caller, id, asked: { as_of } }: GetPattern): Promise<PatternResponse> {
    const found =
      as_of === undefined
        ? await this.now(caller.namespace, id)
        : await this.lookBack.pattern(caller.namespace, id, await this.lookBack.until(as_of));
    if (!found) throw unknownPattern(id);

    return found;
  }

  private async now(namespace: string, id: string): Promise<PatternResponse | null> {
    await this.caughtUp.withOutcomes();

    return this.patterns.one(namespace, id);
  }
}

@QueryHandler(GetEvidence)
export class GetEvidenceHandler implements IQueryHandler<GetEvidence> {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly evidence: EvidenceReader,
    private readonly lookBack: LookBack,
  ) {}

  async execute({ caller, id, asked }: GetEvidence): Promise<EvidenceResponse> {
    const [after = '0'] = decodeCursor(asked.cursor, evidenceKey) ?? [];
    const page = { after, limit: asked.limit + 1 };
    const found = await this.behind(caller.namespace, id, page, asked.as_of);
    if (!found) throw unknownPattern(id);
    const { items, ...behind } = found;
    const answer = pageFrom(items, asked.limit, ({ position }) => [position]);

    return {
      ...behind,
      items: answer.items.map(({ position: _, ...item }) => item),
      next_cursor: answer.next_cursor,
    };
  }

  private async behind(
    namespace: string,
    id: string,
    page: EvidencePage,
    asOf: AsOf | undefined,
  ): Promise<Behind | null> {
    if (asOf !== undefined) {
      return this.lookBack.behind(namespace, id, await this.lookBack.until(asOf), page);
    }
    await this.caughtUp.withOutcomes();

    return this.evidence.behind(namespace, id, page);
  }
}

@QueryHandler(GetHistory)
export class GetHistoryHandler implements IQueryHandler<GetHistory> {
  constructor(
    private readonly queries: QueryBus,
    private readonly evidence: EvidenceReader,
    private readonly lookBack: LookBack,
  ) {}

  async execute({ caller, id, asked }: GetHistory): Promise<Page<PatternChange>> {
    const [after = 0] = decodeCursor(asked.cursor, changeKey) ?? [];
    const { as_of } = asked;
    const until = as_of === undefined ? NOW : await this.lookBack.until(as_of);
    await this.queries.execute(
      new GetPattern(caller, id, as_of === undefined ? {} : { as_of: until }),
    );
    const page = { after, limit: asked.limit + 1 };
    const rows = await this.evidence.history(caller.namespace, id, page, until);

    return pageFrom(rows, asked.limit, ({ position }) => [position]);
  }
}

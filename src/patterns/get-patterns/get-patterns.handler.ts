import { decodeCursor, pageFrom, type Page } from '#rest';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { unknownPattern } from '../domain/pattern.errors.js';
import { CaughtUp } from '../learn/caught-up.js';
import { EvidenceReader } from '../read-model/evidence.reader.js';
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
    await this.caughtUp.now();
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
}: ListPatternsQuery): PatternFilter {
  return {
    matching: task_type === undefined ? null : { taskType: task_type, line: task_type },
    patternType: pattern_type ?? null,
    statuses: status === undefined ? ['candidate', 'active'] : [status],
    minConfidence: min_confidence,
  };
}

@QueryHandler(GetPattern)
export class GetPatternHandler implements IQueryHandler<GetPattern> {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly patterns: PatternReader,
  ) {}

  async execute({ caller, id }: GetPattern): Promise<PatternResponse> {
    await this.caughtUp.now();
    const found = await this.patterns.one(caller.namespace, id);
    if (!found) throw unknownPattern(id);

    return found;
  }
}

@QueryHandler(GetEvidence)
export class GetEvidenceHandler implements IQueryHandler<GetEvidence> {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly evidence: EvidenceReader,
  ) {}

  async execute({ caller, id, asked }: GetEvidence): Promise<EvidenceResponse> {
    const [after = '0'] = decodeCursor(asked.cursor, evidenceKey) ?? [];
    await this.caughtUp.now();
    const found = await this.evidence.behind(caller.namespace, id, after, asked.limit + 1);
    if (!found) throw unknownPattern(id);
    const { items, ...behind } = found;
    const page = pageFrom(items, asked.limit, ({ position }) => [position]);

    return {
      ...behind,
      items: page.items.map(({ memory_id, task_id, success, at }) => ({
        memory_id,
        task_id,
        success,
        at,
      })),
      next_cursor: page.next_cursor,
    };
  }
}

@QueryHandler(GetHistory)
export class GetHistoryHandler implements IQueryHandler<GetHistory> {
  constructor(
    private readonly queries: QueryBus,
    private readonly evidence: EvidenceReader,
  ) {}

  async execute({ caller, id, asked }: GetHistory): Promise<Page<PatternChange>> {
    const [after = 0] = decodeCursor(asked.cursor, changeKey) ?? [];
    await this.queries.execute(new GetPattern(caller, id));
    const rows = await this.evidence.history(caller.namespace, id, after, asked.limit + 1);

    return pageFrom(rows, asked.limit, ({ position }) => [position]);
  }
}

import type { StreamWrite } from '../../../src/event-store/index.js';
import { nameBasedId } from '../../../src/kernel/index.js';
import { patternIdOf } from '../../../src/patterns/domain/pattern-id.js';
import type { PatternResponse } from '../../../src/patterns/read-model/pattern.response.js';
import { one, type Wish } from './log-tables.js';

const AT = '2026-01-01T00:00:00.000Z';
const TYPES = ['fix_bug', 'fix_ui', 'deploy'];
const AGENTS = ['ann', 'bob', null];
const ERRORS = ['Timeout of 3 s', 'ENOENT: no such file'];
const REGEXES = ['login', '^fix_'];

/** A team at work, the same for the same seed, and people who speak of what was learned from it. */
export class MadeWishes {
  private count = 0;
  private readonly suggestions: string[] = [];
  private readonly open: string[] = [];

  constructor(
    private readonly namespace: string,
    private state: number,
  ) {}

  /** @param listed what there was when people last looked */
  next(listed: readonly PatternResponse[]): Wish {
    this.count += 1;
    const dice = this.below(100);
    if (dice < 78 || listed.length === 0) return nobody(this.execution());
    if (dice < 84) return nobody(this.revocation());
    if (dice < 90) return this.feedback(this.of(listed));
    if (dice < 94) return nobody(this.decision(this.of(listed)));
    if (dice < 97) return nobody(this.context(listed));
    if (dice < 98) return nobody(this.outcome());

    return nobody(this.extraction());
  }

  private execution(): StreamWrite {
    const memory_id = this.memory(this.count);
    const agent_id = this.of(AGENTS);
    // Ann and bob change places half way.
    const isGood = (agent_id === 'ann') === this.count < 300;
    const success = this.below(10) < (isGood ? 9 : 2);
    const facts = {
      memory_id,
      task_id: `task-${String(this.below(300))}`,
      task_type: this.of(TYPES),
      success,
      agent_id,
      tags: this.below(2) === 0 ? ['ui'] : [],
      tools: this.below(2) === 0 ? ['shell', 'editor'] : ['shell'],
      execution_id: null,
      phase_id: null,
      occurred_at: new Date(Date.parse(AT) + this.count * 1_000).toISOString(),
      suggestion_id: this.below(9) === 0 ? this.suggestion() : null,
      auto_extract_patterns: this.below(20) > 0,
      at: AT,
    };
    const data = { ...facts, ...this.measured(facts.tools) };
    const description = this.below(2) === 0 ? 'Mend the login' : null;
    const error_patterns = success ? null : { error: this.of(ERRORS) };
    const text = { execution_summary: 'made', description, error_patterns };

    return one(`memory-${memory_id}`, { type: 'memory.execution_stored', data, text });
  }

  /** Now and then nothing is known; with the editor it takes a third of the time. */
  private measured(tools: readonly string[]): {
    duration_ms: number | null;
    cost_usd: number | null;
  } {
    const seconds = (this.count * 7_919) % 61;
    const ms = (30 + seconds) * (tools.includes('editor') ? 400 : 1_200);

    return {
      duration_ms: this.count % 7 === 0 ? null : ms,
      cost_usd: this.count % 5 === 0 ? null : ((this.count * 104_729) % 50) / 100,
    };
  }

  /** Sometimes of what was taken back before, or never was. */
  private revocation(): StreamWrite {
    const memory_id = this.memory(this.below(this.count));
    const text = { reason: 'made' };

    return one(`memory-${memory_id}`, {
      type: 'memory.revoked',
      data: { memory_id, at: AT },
      text,
    });
  }

  /** Now and then of the other side, which may not be there. */
  private feedback({ pattern_id, definition, pattern_type }: PatternResponse): Wish {
    const other = pattern_type === 'success' ? 'failure' : 'success';
    const id =
      this.below(4) === 0
        ? patternIdOf(this.namespace, other, definition as unknown as readonly ['root'])
        : pattern_id;
    const data = {
      pattern_id: id,
      at: AT,
      helpful: this.below(2) === 0,
      confidence_adjustment: this.of([null, 0.1, -0.05]),
    };
    const text = { comment: null };

    return {
      actor: this.of(['mika', 'noa', null]),
      write: one(`pattern-${id}`, { type: 'pattern.feedback_given', data, text }),
    };
  }

  private decision({ pattern_id, status }: PatternResponse): StreamWrite {
    return one(`pattern-${pattern_id}`, {
      type: status === 'retired' ? 'pattern.restored' : 'pattern.retired',
      data: { pattern_id, at: AT },
      text: { reason: null },
    });
  }

  private context(listed: readonly PatternResponse[]): StreamWrite {
    const suggestion_id = this.memory(-this.count);
    const { pattern_id, status, confidence_score: confidence } = this.of(listed);
    this.suggestions.push(suggestion_id);
    this.open.push(suggestion_id);
    const data = {
      suggestion_id,
      task_id: 'next',
      task_type: TYPES[this.count % TYPES.length] ?? '',
      items: [],
      patterns: [{ pattern_id, status, confidence, served_as: 'advice', rule: 'So.' }],
      threshold: 0.5,
      top_k: 3,
      learner_version: 1,
      abstained: false,
      reason: null,
      model_key: 'none',
      at: AT,
    };

    return one(`suggestion-${suggestion_id}`, { type: 'context.suggested', data });
  }

  private outcome(): StreamWrite {
    // Of each once.
    const suggestion_id = this.open.pop() ?? this.memory(-this.count);
    const data = { suggestion_id, success: this.count % 2 === 0, at: AT };
    const text = { comment: null };

    return one(`suggestion-${suggestion_id}`, { type: 'suggestion.outcome_recorded', data, text });
  }

  private extraction(): StreamWrite {
    const [task_type_pattern, pattern_type] = [
      this.of(REGEXES),
      this.of(['success', 'failure'] as const),
    ];
    const key = ['extracted', pattern_type, task_type_pattern] as const;
    const pattern_id = patternIdOf(this.namespace, pattern_type, key);
    const data = { pattern_id, at: AT, pattern_type, task_type_pattern, min_samples: 3 };

    return one(`pattern-${pattern_id}`, { type: 'pattern.extracted', data });
  }

  /** One of the last, or one that nobody made. */
  private suggestion(): string {
    const known = [this.memory(-this.count), ...this.suggestions.slice(-8)];

    return known[this.count % known.length] ?? '';
  }

  private readonly memory = (nth: number): string => nameBasedId(`made ${String(nth)}`);

  private of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  private below(end: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;

    return Math.floor((this.state / 2 ** 32) * end);
  }
}

const nobody = (write: StreamWrite): Wish => ({ actor: null, write });

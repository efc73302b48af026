import type { GoldenExecution, GoldenStep } from '../../../bench/golden-log.js';
import type { Database } from '../../../src/database/index.js';
import type { StreamWrite } from '../../../src/event-store/index.js';
import { nameBasedId } from '../../../src/kernel/index.js';
import type { Key } from '../../../src/patterns/domain/key.js';
import { patternIdOf } from '../../../src/patterns/domain/pattern-id.js';
import { LogTables, one } from './log-tables.js';

const NAMESPACE = 'golden';
const AT = '2026-01-01T00:00:00.000Z';

/**
 * The golden log brings signatures of its own, longer than the five words of ours: told as one word,
 * each stays what it is.
 */
export const asOneWord = (signature: string): string => signature.replaceAll(' ', '_');

/** A key of the golden log as the tables know it. */
export const asKey = (key: readonly string[]): Key =>
  (key[0]?.endsWith('_signature')
    ? [...key.slice(0, -1), asOneWord(key.at(-1) ?? '')]
    : key) as unknown as Key;

/** The golden log as events of a real log. */
export class GoldenTables extends LogTables {
  constructor(database: Database) {
    super(database, NAMESPACE);
  }

  append(steps: readonly GoldenStep[]): Promise<void> {
    return this.write(steps.map((step) => ({ actor: actorOf(step), write: writeOf(step) })));
  }
}

/** Each without a name is somebody else. */
const actorOf = ({ event }: GoldenStep): string | null =>
  event.type === 'feedback' ? event.actor : null;

function writeOf({ event }: GoldenStep): StreamWrite {
  switch (event.type) {
    case 'execution':
      return storing(event);
    case 'revoke': {
      const memory_id = nameBasedId(event.execution_id);
      const text = { reason: 'golden' };
      return one(`memory-${memory_id}`, {
        type: 'memory.revoked',
        data: { memory_id, at: AT },
        text,
      });
    }
    case 'extraction': {
      const { pattern_type, regex } = event;
      const id = patternIdOf(NAMESPACE, pattern_type, ['extracted', pattern_type, regex]);
      const data = {
        pattern_id: id,
        at: AT,
        pattern_type,
        task_type_pattern: regex,
        min_samples: 3,
      };
      return one(`pattern-${id}`, { type: 'pattern.extracted', data });
    }
    case 'feedback': {
      const { key, pattern_type, helpful, confidence_adjustment } = event;
      const id = patternIdOf(NAMESPACE, pattern_type, asKey(key));
      const data = { pattern_id: id, at: AT, helpful, confidence_adjustment };
      const text = { comment: null };
      return one(`pattern-${id}`, { type: 'pattern.feedback_given', data, text });
    }
  }
}

function storing(event: GoldenExecution): StreamWrite {
  const memory_id = nameBasedId(event.execution_id);
  const { execution_id, task_id, task_type, agent_id, success, tags, description } = event;
  const data = { memory_id, task_id, task_type, success, execution_id, agent_id, tags, at: AT };
  const facts = {
    phase_id: null,
    tools: [],
    duration_ms: null,
    cost_usd: null,
    occurred_at: AT,
    suggestion_id: null,
    auto_extract_patterns: true,
  };
  const error_patterns = event.signature === null ? null : { error: asOneWord(event.signature) };

  return one(`memory-${memory_id}`, {
    type: 'memory.execution_stored',
    data: { ...data, ...facts },
    text: { execution_summary: 'golden', description, error_patterns },
  });
}

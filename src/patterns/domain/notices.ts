import { nameBasedId } from '#kernel';
import type { Change } from './conclusions.js';
import type { Noted } from './key-state.js';
import type { PatternType } from './key.js';

/** What others are told of what the learner concluded. */
export interface Notice {
  /** The same in every replay, so that it is told once. */
  readonly id: string;
  readonly type: NoticeType;
  readonly pattern_id: string;
  readonly position: bigint;
  readonly at: string;
  readonly data: {
    readonly pattern_type: PatternType;
    readonly confidence: number;
    readonly sample_count: number;
  };
}

type NoticeType =
  'memory.pattern.learned' | 'memory.pattern.confidence_changed' | 'memory.pattern.demoted';

/** Decisions of people: whoever made them knows. */
const PEOPLES = ['pattern.retired', 'pattern.restored'];

/**
 * What is worth telling of a change: a pattern learned, lost, or surer than before.
 * @param formerId the pattern that the key made when it was last noted
 */
export function noticesOf(change: Change, formerId: string): Notice[] {
  if (PEOPLES.includes(change.cause)) return [];

  return change.was?.side === change.side
    ? noticesOfOne(change, change.was)
    : noticesOfTurning(change, formerId);
}

/** The key leans to the same side as before. */
function noticesOfOne(change: Change, was: Noted): Notice[] {
  const { status } = change;
  if (status === was.status) {
    return status === 'retired' ? [] : [notice('memory.pattern.confidence_changed', change)];
  }

  return [
    notice(status === 'active' ? 'memory.pattern.learned' : 'memory.pattern.demoted', change),
  ];
}

/** The key leans to another side than before, or is seen for the first time. */
function noticesOfTurning(change: Change, formerId: string): Notice[] {
  const { was, status, confidence } = change;
  const former = (side: PatternType): Change => ({
    ...change,
    patternId: formerId,
    side,
    confidence: 1 - confidence,
  });

  return [
    ...(was?.status === 'active' ? [notice('memory.pattern.demoted', former(was.side))] : []),
    ...(status === 'active' ? [notice('memory.pattern.learned', change)] : []),
  ];
}

function notice(type: NoticeType, change: Change): Notice {
  const { patternId, position, at, side, confidence, executions } = change;

  return {
    id: nameBasedId(JSON.stringify([patternId, String(position), type])),
    type,
    pattern_id: patternId,
    position,
    at,
    data: { pattern_type: side, confidence, sample_count: executions },
  };
}

import { describe, expect, it } from '@jest/globals';
import type { Moment } from './conclusions.js';
import type { Evidence, KeyState } from './key-state.js';
import type { Key, PatternType } from './key.js';
import { LearnerState } from './learner-state.js';
import { Learner, type Execution } from './learner.js';
import { patternIdOf } from './pattern-id.js';
import { basisOf, isListed, served, type Served } from './served.js';

const CODER: Key = ['agent', 'coder'];
const SUCCESS = patternIdOf('n', 'success', CODER);
const FAILURE = patternIdOf('n', 'failure', CODER);
const TIMEOUT: Key = ['type_signature', 'fix_bug', 'Timeout'];

/** What people and agents do, one thing after the other. */
class Story {
  readonly state = new LearnerState('n');
  readonly learner = new Learner(this.state, () => false);
  private position = 0n;

  ran(task: string, success: boolean, more: Partial<Execution> = {}): Evidence {
    const labels = { taskType: 'fix_bug', agent: 'coder', tags: [], tools: [], signature: null };
    const none = { description: null, isEcho: false, durationMs: null, costUsd: null };
    const run = { memoryId: task, task, success, ...none, ...labels };

    return this.learner.learn({ ...run, ...more }, this.next());
  }

  /** One execution of each of so many tasks. */
  many(name: string, n: number, success: boolean, more?: Partial<Execution>): void {
    for (let i = 0; i < n; i += 1) this.ran(`${name}-${i}`, success, more);
  }

  forget(evidence: Evidence): void {
    this.learner.forget(evidence, this.next());
  }

  said(
    actor: string | null,
    helpful: boolean,
    adjustment = 0,
    side: PatternType = 'success',
  ): void {
    const id = patternIdOf('n', side, CODER);
    this.learner.hear(id, CODER, actor, { helpful, adjustment }, this.next());
  }

  retire(id = SUCCESS): void {
    this.learner.retire(id, CODER, this.next());
  }

  restore(id = SUCCESS): void {
    this.learner.restore(id, CODER, this.next());
  }

  of(key: Key): KeyState {
    return this.state.key(key);
  }

  served(key: Key): Served {
    return served(this.state, this.of(key));
  }

  private next(): Moment {
    this.position += 1n;

    return { position: this.position, at: 'now', cause: 'anything' };
  }
}

/** A coder who succeeded in three of four tasks: a rate of .75 of 4, and of what the prior is worth. */
function story(): Story {
  const told = new Story();
  told.many('c', 3, true);
  told.ran('c-3', false);

  return told;
}

describe('A key', () => {
  it('makes a pattern from its first vote on, until that is revoked', () => {
    const told = new Story();
    told.ran('t', true, { isEcho: true });
    expect(isListed(told.of(CODER))).toBe(false);

    const vote = told.ran('u', true);
    expect(isListed(told.of(CODER))).toBe(true);

    told.forget(vote);
    expect(isListed(told.of(CODER))).toBe(false);
  });

  it('that is the root makes no pattern, and one that was asked for always does', () => {
    const told = story();

    expect(isListed(told.of(['root']))).toBe(false);
    expect(isListed(told.of(['extracted', 'success', 'login']))).toBe(true);
  });

  it('is served on the side of its votes, and without votes as a success', () => {
    const told = new Story();
    expect(told.served(CODER)).toMatchObject({ side: 'success', patternId: SUCCESS });

    told.many('o', 5, true, { agent: 'other' });
    told.ran('t', false);
    expect(told.served(CODER)).toMatchObject({ side: 'failure', patternId: FAILURE });
    expect(told.served(CODER).confidence).toBe(1 - (told.of(CODER).rate ?? 0));
  });

  it('shows what its confidence is made of, on the side of its claim', () => {
    const told = story();
    const { prior } = told.of(CODER);
    const success = basisOf(told.state, told.of(CODER), 'success');
    const failure = basisOf(told.state, told.of(CODER), 'failure');

    expect(success).toMatchObject({ held: 3, outOf: 4, prior });
    expect(success.share).toBeCloseTo((3 + 4 * prior) / 8, 12);
    expect(failure).toMatchObject({ held: 1, outOf: 4, prior: 1 - prior });
    expect(failure.share).toBeCloseTo(1 - success.share, 12);
  });
});

describe('Feedback', () => {
  const blended = (rate: number, helpful: number, words: number): number =>
    (rate * 8 + 2 * helpful) / (8 + 2 * words);

  it.each<
    [what: string, said: [actor: string | null, helpful: boolean][], helpful: number, words: number]
  >([
    [
      'of one actor: the latest',
      [
        ['ann', true],
        ['ann', false],
      ],
      0,
      1,
    ],
    [
      'of two actors: each',
      [
        ['ann', true],
        ['bob', false],
        ['bob', true],
      ],
      2,
      2,
    ],
    [
      'of nobody in particular: every single one',
      [
        [null, true],
        [null, true],
        [null, false],
      ],
      2,
      3,
    ],
  ])('counts two observations a word; %s', (_, words, helpful, count) => {
    const told = story();
    const rate = told.of(CODER).rate ?? 0;
    for (const [actor, isHelpful] of words) told.said(actor, isHelpful);

    expect(told.served(CODER).confidence).toBeCloseTo(blended(rate, helpful, count), 12);
    expect(told.served(CODER).observations).toBe(4 + 2 * count);
  });

  it('replaces what the same actor adjusted before', () => {
    const told = story();
    const rate = told.of(CODER).rate ?? 0;
    told.said('ann', true, 0.2);
    told.said('ann', true, -0.1);

    expect(told.served(CODER).confidence).toBeCloseTo(blended(rate, 1, 1) - 0.1, 12);
  });

  it('acts on the side that it was given on', () => {
    const told = story();
    const before = told.served(CODER);
    told.said('ann', true, 0.2, 'failure');
    expect(told.served(CODER)).toEqual(before);

    told.many('o', 20, true, { agent: 'other' });
    told.said('bob', true, 0.2);
    told.many('d', 6, false);
    const rate = 1 - (told.of(CODER).rate ?? 0);
    expect(told.served(CODER).side).toBe('failure');
    expect(told.served(CODER).confidence).toBeCloseTo((rate * 14 + 2) / 16 + 0.2, 12);
  });

  it('changes nothing that others rest on, nor what the gate sees', () => {
    const told = story();
    const { noted, ...before } = structuredClone(told.of(CODER));
    told.said('ann', true, 0.2);

    expect(told.of(CODER)).toMatchObject(before);
    expect(noted).not.toBeNull();
  });
});

describe('A retired pattern', () => {
  it('is retired until somebody restores it, and learns on meanwhile', () => {
    const told = story();
    told.retire();
    told.many('d', 2, true);
    expect(told.served(CODER)).toMatchObject({ status: 'retired', outOf: 6 });

    told.restore();
    expect(told.served(CODER).status).toBe('candidate');
  });

  it('is active when it comes back, if it was proven meanwhile', () => {
    const told = new Story();
    for (let i = 0; i < 50; i += 1) told.ran(`o-${i}`, i % 2 === 0, { agent: 'other' });
    told.ran('c', true);
    told.retire();
    told.many('c', 20, true);
    expect(told.served(CODER).status).toBe('retired');

    told.restore();
    expect(told.served(CODER).status).toBe('active');
  });

  it('is the pattern of one side', () => {
    const told = story();
    told.retire(FAILURE);

    expect(told.served(CODER).status).toBe('candidate');
  });
});

describe('A pattern that gives way', () => {
  it('is told apart: to that of the other side, or to none', () => {
    const told = new Story();
    told.many('o', 5, true, { agent: 'other' });
    const vote = told.ran('t', true);
    const { turned } = told.learner;
    expect(turned.size).toBe(0);

    told.ran('u', false);
    expect(turned).toContain(told.of(CODER));
    turned.clear();

    told.forget(vote);
    expect(turned).not.toContain(told.of(CODER));
    told.forget(told.ran('v', false, { agent: 'third' }));
    expect(turned).toContain(told.of(['agent', 'third']));
  });
});

describe('The signature of an error', () => {
  it('is a pattern from the first failure that shows it, vote or not', () => {
    const told = new Story();
    told.ran('t', true, { signature: 'Timeout' });
    expect(isListed(told.of(TIMEOUT))).toBe(false);

    told.ran('u', false, { signature: 'Timeout', isEcho: true });
    expect(isListed(told.of(TIMEOUT))).toBe(true);
    expect(told.served(TIMEOUT).side).toBe('failure');
  });

  it('is active from three distinct tasks on, as long as they count', () => {
    const told = new Story();
    const failing = (task: string): Evidence => told.ran(task, false, { signature: 'Timeout' });
    for (const task of ['t', 't', 't', 'u']) failing(task);
    expect(told.served(TIMEOUT).status).toBe('candidate');

    const third = failing('v');
    expect(told.served(TIMEOUT).status).toBe('active');

    told.forget(third);
    expect(told.served(TIMEOUT).status).toBe('candidate');
  });

  it('is as sure as its share of the failures, shrunk towards its share one level up', () => {
    const told = new Story();
    told.many('c', 3, false, { signature: 'Timeout' });
    told.ran('c-3', false, { signature: 'Crash' });
    told.many('o', 2, false, { agent: 'other', signature: 'Crash' });
    told.ran('d', false, { taskType: 'deploy', signature: 'Timeout' });
    told.many('d', 5, true, { taskType: 'deploy' });
    const ofType = (3 + 4 * (4 / 7)) / (6 + 4);

    expect(told.served(TIMEOUT)).toMatchObject({ outOf: 6, observations: 6 });
    expect(told.served(TIMEOUT).confidence).toBeCloseTo(ofType, 12);
    expect(
      told.served(['agent_type_signature', 'coder', 'fix_bug', 'Timeout']).confidence,
    ).toBeCloseTo((3 + 4 * ofType) / (4 + 4), 12);
  });
});

import { indicatorsOf } from './indicators.js';
import type { Key } from './key.js';
import { likenessAmong, type Likeness } from './likeness.js';
import { medoidsOf } from './representatives.js';
import { topicsOf } from './topics.js';
import { Vocabulary } from './vocabulary.js';

/** So many executions are described at first; the next time when they have grown by half. */
const FIRST = 3;
const GROWTH = 1.5;
const REPRESENTATIVES = 3;
const MOST_LABELS = 5;
/** In Unicode code points: a summary is quoted to be recognized, and read whole by its memory. */
const LONGEST_QUOTE = 300;

/** What is told of an execution; the texts are null where they were erased. */
export interface Told {
  readonly memoryId: string;
  readonly task: string;
  readonly success: boolean;
  /** How many executions of its outcome: 1 where all of them are looked at. */
  readonly standsFor: number;
  readonly summary: string | null;
  readonly tags: readonly string[];
  readonly tools: readonly string[];
}

interface Quote {
  readonly memory_id: string;
  readonly task_id: string;
  readonly summary: string;
}

interface LabelRate {
  readonly name: string;
  /** How many of those that are looked at, whatever their outcome. */
  readonly executions: number;
  /** 0..1, of all: those of an outcome that is looked at in part count for as many as they stand for. */
  readonly success_rate: number;
}

/** What an execution did right after the same task had failed. */
export interface Fix extends Quote {
  readonly tools: string[];
}

/** Some of the successes of a type that are about one thing. */
interface Topic extends Quote {
  /** How many of those that were looked at, one a task. */
  readonly executions: number;
  readonly phrases: readonly string[];
}

/** What executions with something in common say, by how they ended. */
export interface Description {
  readonly indicators: { readonly success: string[]; readonly failure: string[] };
  readonly success: Side & {
    /** None where they are about one thing; left out where no topics are looked for. */
    readonly topics?: readonly Topic[];
  };
  readonly failure: Side;
}

interface Side {
  /** How many executions of this outcome were looked at. */
  readonly looked_at: number;
  /** The summaries that stand best for them. */
  readonly summaries: readonly Quote[];
  readonly tools: readonly LabelRate[];
  readonly tags: readonly LabelRate[];
}

/**
 * How many of `count` executions are described, oldest first: so a description is made anew when they
 * have grown by half, and depends on nothing but the executions.
 */
export function describedOf(count: number): number {
  let described = FIRST;
  if (count < described) return 0;
  while (Math.ceil(described * GROWTH) <= count) described = Math.ceil(described * GROWTH);

  return described;
}

/** The fixes in the context of an error's pattern. */
export const fixesIn = ({ fixes = [] }: { readonly fixes?: unknown }): readonly Fix[] =>
  fixes as readonly Fix[];

/**
 * @param told of each outcome the newest first
 * @param key what they have in common: a whole type may be about several things
 * @param vocabulary that has read some of the texts already, for other keys
 */
export function descriptionOf(
  told: readonly Told[],
  key: Key,
  vocabulary = new Vocabulary(),
): Description {
  const spokenBy = (success: boolean): Spoken =>
    spokenIn(
      told.filter((one) => one.success === success),
      vocabulary,
    );
  const [successes, failures] = [spokenBy(true), spokenBy(false)];

  return {
    indicators: indicatorsOf(successes.texts, failures.texts, vocabulary),
    success: {
      ...sideOf(successes, told),
      ...(key[0] === 'type' && { topics: topicsIn(successes, vocabulary) }),
    },
    failure: sideOf(failures, told),
  };
}

/** The executions of one outcome, and what they say, one a task. */
interface Spoken {
  readonly all: readonly Told[];
  readonly speaking: readonly Told[];
  /** Of those who speak, in their order. */
  readonly texts: readonly string[];
  readonly likeness: Likeness;
}

function spokenIn(all: readonly Told[], vocabulary: Vocabulary): Spoken {
  const speaking = onePerTask(all);
  const texts = speaking.map(summaryOf);

  return { all, speaking, texts, likeness: likenessAmong(texts, vocabulary) };
}

function topicsIn({ speaking, texts, likeness }: Spoken, vocabulary: Vocabulary): Topic[] {
  return topicsOf(texts, vocabulary, likeness).flatMap((topic) =>
    quotesOf(speaking, topic.texts.slice(0, 1)).map((medoid) => ({
      ...medoid,
      executions: topic.texts.length,
      phrases: topic.phrases,
    })),
  );
}

const quotesOf = (speaking: readonly Told[], places: readonly number[]): Quote[] =>
  places.flatMap((at) => {
    const quote = speaking[at] && quoted(speaking[at]);
    return quote ? [quote] : [];
  });

/** What a fix is quoted with; null where its words were erased. */
export const quoted = ({ memoryId, task, summary }: Told): Quote | null =>
  summary === null ? null : { memory_id: memoryId, task_id: task, summary: shortened(summary) };

/** None where its words were erased. */
export function fixesOf(one: Told): Fix[] {
  const quote = quoted(one);

  return quote ? [{ ...quote, tools: [...one.tools] }] : [];
}

function sideOf({ all: some, speaking, likeness }: Spoken, all: readonly Told[]): Side {
  return {
    looked_at: some.length,
    summaries: quotesOf(speaking, medoidsOf(likeness, REPRESENTATIVES)),
    tools: ratesOf(some, all, ({ tools }) => tools),
    tags: ratesOf(some, all, ({ tags }) => tags),
  };
}

/** The newest of each task that says something: a task that is tried often says one thing. */
function onePerTask(some: readonly Told[]): Told[] {
  const byTask = new Map<string, Told>();
  for (const one of some) {
    if (one.summary !== null && !byTask.has(one.task)) byTask.set(one.task, one);
  }

  return [...byTask.values()];
}

/**
 * The commonest labels of `some`, each with how often executions that have it succeed: as those of one
 * outcome are drawn from more than those of the other, each counts for as many as it stands for
 * (Horvitz and Thompson 1952, doi:10.1080/01621459.1952.10483446).
 */
function ratesOf(
  some: readonly Told[],
  all: readonly Told[],
  labelsOf: (one: Told) => readonly string[],
): LabelRate[] {
  const counts = new Map<string, number>();
  for (const label of some.flatMap((one) => [...new Set(labelsOf(one))])) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const commonest = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));

  return commonest.slice(0, MOST_LABELS).map(([name]) => {
    const having = all.filter((one) => labelsOf(one).includes(name));
    const succeeded = having.filter(({ success }) => success);

    return {
      name,
      executions: having.length,
      success_rate: represented(succeeded) / represented(having),
    };
  });
}

const represented = (some: readonly Told[]): number =>
  some.reduce((sum, { standsFor }) => sum + standsFor, 0);

const summaryOf = ({ summary }: Told): string => summary ?? '';

function shortened(text: string): string {
  const points = Array.from(text.slice(0, 2 * LONGEST_QUOTE + 2));

  return points.length > LONGEST_QUOTE ? `${points.slice(0, LONGEST_QUOTE).join('')}…` : text;
}

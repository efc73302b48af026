import { z } from 'zod';
import { indicatorsOf, type Indicators } from '../../src/patterns/domain/indicators.js';
import { type Asked } from '../arguments.js';
import { randomNumbers, shuffled } from '../made-executions.js';
import { goThrough } from '../progress.js';
import { readRecords } from '../records.js';
import { NONE, type Figures, type Outcome, type Suite } from '../suite.js';

const textRecord = z.object({ text: z.string() });

const SEED = 20_260_101;
const PATTERNS = 300;
/** Of each outcome. */
const TEXTS = 100;
/** How many sentences a text has at most; failures are told at greater length. */
const MOST_SENTENCES = { success: 3, failure: 8 };
const PLANTED = {
  success: 'wrote the regression test first',
  failure: 'could not reach the payment sandbox',
} as const;
/** In what part of the texts of its outcome a planted phrase is, and in what part of the others. */
const [MEANT, STRAY] = [0.5, 0.05];

type Side = keyof typeof PLANTED;
const SIDES = ['success', 'failure'] as const;

/** What was said of one pattern, and how much of it was planted. */
interface Found {
  readonly planted: number;
  readonly others: number;
  readonly shuffled: number;
}

/** Does it find the phrases that tell how executions ended, and none where nothing does? */
export const indicators: Suite = {
  records: 'given',
  bars: () => ({ found: { atLeast: 0.95 }, shuffled_phrases_per_pattern: { atMost: 0.1 } }),

  async run({ data }: Asked): Promise<Outcome> {
    const records = await readRecords(data, 'memory.jsonl', textRecord);
    const sentences = records.map(({ text }) => text);
    const seeds = Array.from({ length: PATTERNS }, (_, number) => SEED + number);
    const all = await goThrough('Looking', seeds, (seed) =>
      Promise.resolve(ofOnePattern(sentences, seed)),
    );
    const mean = (of: (found: Found) => number): number =>
      all.reduce((sum, found) => sum + of(found), 0) / all.length;
    const metrics: Figures = {
      found: mean(({ planted }) => planted / SIDES.length),
      other_phrases_per_pattern: mean(({ others }) => others),
      shuffled_phrases_per_pattern: mean((found) => found.shuffled),
    };

    return { n: PATTERNS, metrics, slices: {}, latencies: [], modelKey: NONE, database: NONE };
  },
};

function ofOnePattern(sentences: readonly string[], seed: number): Found {
  const random = randomNumbers(seed);
  const below = (end: number): number => Math.floor(random() * end);
  const text = (side: Side): string => {
    const count = 1 + below(MOST_SENTENCES[side]);
    const said = Array.from({ length: count }, () => sentences[below(sentences.length)] ?? '');
    for (const other of SIDES) {
      if (random() < (other === side ? MEANT : STRAY)) said.splice(below(count), 0, PLANTED[other]);
    }

    return said.join('. ');
  };
  const [successes, failures] = SIDES.map((side) =>
    Array.from({ length: TEXTS }, () => text(side)),
  );
  const mixed = shuffled([...(successes ?? []), ...(failures ?? [])], below);
  const said = indicatorsOf(successes ?? [], failures ?? []);
  const ofPlanted = SIDES.map((side) => said[side].filter((phrase) => isOf(phrase, PLANTED[side])));

  return {
    planted: ofPlanted.filter(({ length }) => length > 0).length,
    others: phrasesOf(said) - ofPlanted.flat().length,
    shuffled: phrasesOf(indicatorsOf(mixed.slice(0, TEXTS), mixed.slice(TEXTS))),
  };
}

/** Whether a phrase is a part of what was planted. */
const isOf = (phrase: string, planted: string): boolean => planted.includes(phrase);

const phrasesOf = ({ success, failure }: Indicators): number => success.length + failure.length;

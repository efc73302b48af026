import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from '../cannot-run.js';
import { mean, share } from '../metrics.js';
import { type Scored } from '../retrieval.js';
import { type Collection } from '../sets/collection.js';
import { readConversations } from '../sets/conversation.js';
import { readDuplicates } from '../sets/duplicates.js';
import { readLessons } from '../sets/lessons.js';
import { readUtterances } from '../sets/utterances.js';

/** A set, and the one figure that everybody gets on it. */
export interface PeerSet {
  readonly figure: string;
  readonly read: () => Promise<Collection[]>;
  readonly of: (scored: readonly Scored[]) => number;
}

interface Kind {
  readonly files: readonly string[];
  readonly figure: string;
  readonly read: (folder: string) => Promise<Collection[]>;
  readonly of: (scored: readonly Scored[]) => number;
}

const ndcg = (scored: readonly Scored[]): number => mean(scored.map((one) => one.ndcg));
const recall = (scored: readonly Scored[]): number => mean(scored.map((one) => one.recall));
const accuracy = (scored: readonly Scored[]): number => share(scored.map((one) => one.isRight));

/** What a set is, is told by its files. */
const KINDS: readonly Kind[] = [
  {
    files: ['tasks.jsonl', 'executions.jsonl'],
    figure: 'lessons ndcg@10',
    read: readLessons,
    of: ndcg,
  },
  {
    files: ['memory.jsonl', 'queries.jsonl'],
    figure: 'abstain accuracy',
    read: readUtterances,
    of: accuracy,
  },
  {
    files: ['corpus.jsonl', 'queries.jsonl', 'qrels.jsonl'],
    figure: 'duplicates ndcg@10',
    read: readDuplicates,
    of: ndcg,
  },
  {
    files: ['turns.jsonl', 'questions.jsonl'],
    figure: 'conversation recall@10',
    read: readConversations,
    of: recall,
  },
];

/** The set in a folder, or those in the folders that it holds. @throws CannotRun when there is none */
export function setsIn(folder: string): PeerSet[] {
  const inside = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const folders = inside.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const places = [folder, ...folders.sort().map((name) => join(folder, name))];
  const sets = places.flatMap((place) =>
    KINDS.filter(({ files }) => files.every((file) => existsSync(join(place, file)))).map(
      ({ figure, read, of }) => ({ figure, of, read: () => read(place) }),
    ),
  );
  if (sets.length === 0) {
    const known = KINDS.map(({ files }) => files.join(', ')).join('; or ');
    throw new CannotRun(`The data are missing: no folder in ${folder} has ${known}.`);
  }

  return sets;
}

/** How long a summary and a question may be, in Unicode code points; the rest is cut off. */
const SUMMARY_MAX = 100_000;
const QUESTION_MAX = 20_000;

/** What is stored: under an id of its own, because a search gives one hit a task. */
export interface Item {
  readonly id: string;
  readonly text: string;
  readonly taskType: string;
  readonly success: boolean;
}

/** What is asked. */
export interface Question {
  readonly text: string;
  /** Ids of the items that ought to be found; at least one, which need not be among the items. */
  readonly relevant: ReadonlySet<string>;
  /** The item that asks, and is left out; null where nobody of them asks. */
  readonly self: string | null;
  /** The part of the set that it belongs to. */
  readonly slice: string;
}

/** Items that are searched together and apart from all others, and what is asked of them. */
export interface Collection {
  readonly items: readonly Item[];
  readonly questions: readonly Question[];
}

/** The same text as it can be stored: without NUL and lone surrogates, and cut to the longest. */
export const storable = (text: string): string => cut(text, SUMMARY_MAX);

/** The same text as it can be asked. */
export const askable = (text: string): string => cut(text, QUESTION_MAX);

export const isBlank = (text: string): boolean => text.trim() === '';

const cut = (text: string, most: number): string => {
  const sound = text.toWellFormed().replaceAll('\u0000', '\uFFFD');

  return sound.length <= most ? sound : Array.from(sound).slice(0, most).join('');
};

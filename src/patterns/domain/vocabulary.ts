import { phrasesIn, wordsIn } from './phrases.js';

/** What a text says, in the numbers of a vocabulary. */
export interface Wording {
  /** Its different words. */
  readonly words: Uint32Array;
  /** Its different phrases; the words are among them. */
  readonly phrases: Uint32Array;
  /** How many words it has, each as often as it is said. */
  readonly length: number;
}

/** So many phrases are told apart by one vocabulary, give or take those of one key: some 30 MB. */
const FULL = 250_000;

/**
 * Gives phrases numbers, and reads each text once, for however many keys it counts: texts are compared
 * by number many times more often than they are read.
 */
export class Vocabulary {
  private readonly numbers = new Map<string, number>();
  private readonly phrases: string[] = [];
  private readonly wordings = new Map<string, Wording>();

  /** How many phrases have a number: 0 to one less. */
  get size(): number {
    return this.phrases.length;
  }

  /** Whether it is time for a new one: what it knows is held in memory. */
  get isFull(): boolean {
    return this.size >= FULL;
  }

  wordingOf(text: string): Wording {
    const known = this.wordings.get(text);
    if (known) return known;
    const said = wordsIn(text);
    const phrases = Uint32Array.from(phrasesIn(said), (phrase) => this.numberOf(phrase));
    const wording = {
      words: phrases.subarray(0, new Set(said).size),
      phrases,
      length: said.length,
    };
    this.wordings.set(text, wording);

    return wording;
  }

  /** @param number that it gave */
  phraseOf(number: number): string {
    return this.phrases[number] ?? '';
  }

  private numberOf(phrase: string): number {
    const known = this.numbers.get(phrase);
    if (known !== undefined) return known;
    this.numbers.set(phrase, this.phrases.length);

    return this.phrases.push(phrase) - 1;
  }
}

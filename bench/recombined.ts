import { randomNumbers } from './made-executions.js';

/** A sentence that somebody wrote, and its vector of length 1. */
export interface Sentence {
  readonly text: string;
  readonly vector: Float32Array;
}

/** Two sentences as one text: what its task asked, and what was done. */
export interface Recombined {
  readonly description: string;
  readonly summary: string;
  /** Of length 1, near both sentences. */
  readonly vector: Float32Array;
}

/** How much of a vector is neither sentence's: texts that say the same are not the same. */
const NOISE = 0.35;

/**
 * Texts without end, the same for the same seed: each of two real sentences, so that words and vectors
 * lie as close together as those of people do, which uniform noise never does.
 */
export function* recombined(
  sentences: readonly Sentence[],
  seed: number,
): Generator<Recombined, never> {
  const random = randomNumbers(seed);
  const any = (): Sentence => {
    const sentence = sentences[Math.floor(random() * sentences.length)];
    if (!sentence) throw new Error('There are no sentences to recombine.');

    return sentence;
  };
  for (;;) {
    const [asked, done] = [any(), any()];
    const weight = 0.4 + 0.2 * random();
    const noise = unit(asked.vector.map(() => random() + random() + random() - 1.5));
    const vector = unit(
      asked.vector.map(
        (value, at) =>
          weight * value + (1 - weight) * (done.vector[at] ?? 0) + NOISE * (noise[at] ?? 0),
      ),
    );
    yield { description: asked.text, summary: done.text, vector };
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);

  return vector.map((value) => value / length);
}

/** What one call of a model came to. */
export interface Spent {
  readonly modelKey: string;
  readonly texts: number;
  /** As the provider counts them; 0 for a model on this machine. */
  readonly tokens: number;
  /** US dollars; null when the price is not known. */
  readonly usd: number | null;
}

/** Takes note of what a call came to. */
export type Meter = (spent: Spent) => void;

/** US dollars for a million tokens, as OpenAI published them in 2024. */
const PRICES = new Map([
  ['text-embedding-3-small', 0.02],
  ['text-embedding-3-large', 0.13],
]);

/** US dollars for so many tokens of a model behind OpenAI's API; null when the price is not known. */
export function priceOf(model: string, tokens: number): number | null {
  const price = PRICES.get(model);

  return price === undefined ? null : (price * tokens) / 1_000_000;
}

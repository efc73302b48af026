import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Embedding, type EmbedOptions } from '../embedder.js';
import { HashingEmbedder } from '../hashing-embedder.js';
import { RememberingEmbedder } from './remembering-embedder.js';

/** Answers when it is told to, and notes what it was asked. */
class PatientEmbedder extends HashingEmbedder {
  readonly asked: string[][] = [];
  readonly calledOff: string[][] = [];
  #answer: (error?: Error) => void = () => undefined;
  readonly #told = new Promise<void>((resolve, reject) => {
    this.#answer = (error) => {
      if (error) reject(error);
      else resolve();
    };
  });

  answer(error?: Error): void {
    this.#answer(error);
  }

  override async embed(texts: readonly string[], options?: EmbedOptions): Promise<Embedding[]> {
    this.asked.push([...texts]);
    const callOff = (): unknown => this.calledOff.push([...texts]);
    options?.signal?.addEventListener('abort', callOff);
    await this.#told;
    options?.signal?.removeEventListener('abort', callOff);

    return super.embed(texts);
  }
}

const query = { priority: 'query' } as const;
const ingest = { priority: 'ingest' } as const;

describe('A remembering embedder', () => {
  let inner: PatientEmbedder;
  let embedder: RememberingEmbedder;

  beforeEach(() => {
    inner = new PatientEmbedder();
    embedder = new RememberingEmbedder(inner);
  });

  it('asks once for a text it was asked for before', async () => {
    inner.answer();
    const [first] = await embedder.embed(['login'], query);
    const [second] = await embedder.embed(['login'], ingest);

    expect(second).toBe(first);
    expect(inner.asked).toEqual([['login']]);
  });

  it('takes two spellings of the same characters for one text', async () => {
    inner.answer();
    await embedder.embed(['caf\u00e9', 'cafe\u0301'], query);

    expect(inner.asked).toEqual([['caf\u00e9']]);
  });

  it('asks once for texts that are on their way', async () => {
    const both = Promise.all([
      embedder.embed(['a', 'b'], query),
      embedder.embed(['b', 'c'], query),
    ]);
    inner.answer();
    const [[, first], [second]] = await both;

    expect(second).toBe(first);
    expect(inner.asked).toEqual([['a', 'b'], ['c']]);
  });

  it('keeps the order, with doubles in it', async () => {
    inner.answer();
    await embedder.embed(['b'], query);

    expect(await embedder.embed(['c', 'b', 'a', 'c'], query)).toEqual(
      await new HashingEmbedder().embed(['c', 'b', 'a', 'c']),
    );
  });

  it('does not let a query wait for an ingest of the same text', async () => {
    const both = [embedder.embed(['a'], ingest), embedder.embed(['a'], query)];
    inner.answer();
    await Promise.all(both);

    expect(inner.asked).toEqual([['a'], ['a']]);
  });

  it('goes on for the others when one who asked leaves', async () => {
    const leaving = new AbortController();
    const left = embedder.embed(['a'], { ...query, signal: leaving.signal });
    const stayed = embedder.embed(['a'], query);
    leaving.abort(new Error('gone'));

    await expect(left).rejects.toThrow('gone');
    inner.answer();
    expect(await stayed).toHaveLength(1);
    expect(inner.calledOff).toEqual([]);
  });

  it('calls off what nobody waits for any more', async () => {
    const leaving = new AbortController();
    const left = embedder.embed(['a'], { ...query, signal: leaving.signal });
    leaving.abort(new Error('gone'));

    await expect(left).rejects.toThrow('gone');
    expect(inner.calledOff).toEqual([['a']]);
  });

  it('asks nothing for one who has already left', async () => {
    const signal = AbortSignal.abort(new Error('gone'));

    await expect(embedder.embed(['a'], { ...query, signal })).rejects.toThrow('gone');
    expect(inner.asked).toEqual([]);
  });

  it('does not remember a failure', async () => {
    const failing = embedder.embed(['a'], query);
    inner.answer(new Error('no'));

    await expect(failing).rejects.toThrow('no');
    await expect(embedder.embed(['a'], query)).rejects.toThrow('no');
    expect(inner.asked).toEqual([['a'], ['a']]);
  });
});

import { ModelUnavailable } from '#embedding';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAiEmbedder } from '../../../src/embedding/openai-embedder.js';
import { RANKING } from '../../../src/embedding/profile.js';
import { anEmbedder } from '../../contract/embedder.contract.js';
import { breaksOff, hangs, OpenAiServer, says } from './openai-server.js';

const KEY = 'sk-very-secret';
const query = { priority: 'query' } as const;
const ingest = { priority: 'ingest' } as const;
const PATIENCE = {
  query: { timeout: 10_000, maxRetries: 0 },
  ingest: { timeout: 10_000, maxRetries: 1 },
};
const IMPATIENCE = { ...PATIENCE, query: { timeout: 500, maxRetries: 0 } };

describe('An embedder behind the API of OpenAI', () => {
  let server: OpenAiServer;
  let openAiBaseUrl: string;

  beforeEach(async () => {
    server = new OpenAiServer();
    openAiBaseUrl = await server.open();
  });

  afterEach(() => server.close());

  const embedder = (model = 'text-embedding-3-small', patience = PATIENCE): OpenAiEmbedder =>
    new OpenAiEmbedder({ model, openAiApiKey: KEY, openAiBaseUrl }, patience);

  const failure = async (asking: Promise<unknown>): Promise<Error> => {
    const error = await asking.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain(KEY);

    return error as Error;
  };

  it('asks for the dimensions of its profile, as numbers', async () => {
    const small = embedder();
    await small.start();
    const [embedding] = await small.embed(['hello'], query);

    expect(embedding?.vector).toHaveLength(1536);
    expect(small.profile).toEqual({
      key: 'text-embedding-3-small@1536/float/hosted/8191',
      slug: 'text_embedding_3_small',
      dimensions: 1536,
      searchThreshold: 0.25,
      suggestThreshold: 0.35,
      ranking: RANKING,
    });
    expect(server.asked).toEqual([
      {
        model: 'text-embedding-3-small',
        input: ['hello'],
        encoding_format: 'float',
        dimensions: 1536,
      },
    ]);
  });

  it('learns the dimensions of a model it does not know', async () => {
    const other = embedder('nomic-embed-text:v1.5');
    await other.start();

    expect(other.profile).toMatchObject({ dimensions: 64, slug: 'nomic_embed_text_v1_5' });
    expect(server.asked).not.toContainEqual(
      expect.objectContaining({ dimensions: expect.anything() as unknown }),
    );
  });

  it('keeps models apart whose long names begin alike', async () => {
    const names = ['a', 'b'].map(
      (end) => `some-organisation/some-model-of-a-very-long-name-${end}`,
    );
    const slugs: string[] = [];
    for (const name of [...names, 'm'.repeat(40)]) {
      const other = embedder(name);
      await other.start();
      slugs.push(other.profile.slug);
    }

    expect(slugs).toEqual([
      'some_organisation_some_model_of_f4412e9a',
      'some_organisation_some_model_of_8a8a9122',
      'm'.repeat(40),
    ]);
  });

  it('sends 2,048 texts at a time', async () => {
    const other = embedder('other');
    await other.start();
    const texts = Array.from({ length: 2_050 }, (_, at) => `text ${String(at)}`);

    expect(await other.embed(texts, ingest)).toHaveLength(2_050);
    expect(server.asked.map(({ input }) => input.length)).toEqual([1, 2_048, 2]);
  });

  it('sends the beginning of a long text, and says so', async () => {
    const [embedding] = await embedder().embed(['long '.repeat(5_000)], query);

    expect(embedding?.truncated).toBe(true);
    expect(server.asked[0]?.input[0]).toHaveLength(8_191);
  });

  it('waits as long as the server wants before it asks again', async () => {
    server.replies.push(says(429, { error: { message: 'slow down' } }, { 'retry-after': '1' }));
    await embedder().embed(['hello'], ingest);
    const [first = 0, second = 0] = server.times;

    expect(second - first).toBeGreaterThan(950);
  });

  it.each([
    ['answered with an error', says(500, {})],
    ['broke the connection off in the middle of an answer', breaksOff],
  ])('asks again when the server %s', async (_said, reply) => {
    server.replies.push(reply);

    expect(await embedder().embed(['hello'], ingest)).toHaveLength(1);
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    [401, `Incorrect API key provided: ${KEY}`, 'check OPENAI_API_KEY'],
    [404, 'The model does not exist', 'check EMBEDDING_MODEL and OPENAI_BASE_URL'],
    [429, 'You exceeded your current quota', 'takes no more texts'],
    [503, 'overloaded', 'answered with an error (503)'],
  ])('says in its own words what %s means', async (status, message, said) => {
    server.replies.push(says(status, { error: { message } }));
    const error = await failure(embedder().embed(['hello'], query));

    expect(error).toMatchObject({ kind: 'unavailable', code: 'embedding.failed' });
    expect(error.message).toContain(said);
  });

  it('fails when the connection is broken off again and again', async () => {
    server.replies.push(breaksOff);

    expect(await failure(embedder().embed(['hello'], query))).toMatchObject({
      code: 'embedding.failed',
    });
  });

  it('fails when the server does not answer in time', async () => {
    server.replies.push(hangs);
    const impatient = embedder(undefined, IMPATIENCE);

    expect(await failure(impatient.embed(['hello'], query))).toMatchObject({
      kind: 'unavailable',
      code: 'embedding.timed_out',
    });
  });

  it.each([
    ['nothing', says(200, {})],
    ['no vectors', says(200, { data: [] })],
    ['words', says(200, { data: [{ index: 0, embedding: ['a', 'b'] }] })],
    ['a vector of zeros', says(200, { data: [{ index: 0, embedding: [0, 0] }] })],
    ['too short a vector', says(200, { data: [{ index: 0, embedding: [1, 0] }] })],
    ['a list of null', says(200, { data: [null] })],
  ])('fails when the server answers with %s', async (_said, reply) => {
    server.replies.push(reply);

    expect(await failure(embedder().embed(['hello'], query))).toMatchObject({
      code: 'embedding.failed',
    });
  });

  it('stops waiting when it is called off', async () => {
    const leaving = new AbortController();
    server.replies.push(() => {
      leaving.abort(new Error('gone'));
    });
    const asked = embedder().embed(['hello'], { ...ingest, signal: leaving.signal });

    await expect(asked).rejects.toThrow('gone');
  });

  it('starts while the server is away when it knows its model', async () => {
    await server.close();
    const small = embedder();
    await small.start();

    const error = await failure(small.embed(['hello'], query));
    expect(error.message).toBe('The embedding server cannot be reached: check OPENAI_BASE_URL.');
    await server.open();
  });

  it('does not start when it cannot learn the dimensions of its model', async () => {
    server.replies.push(says(401, { error: { message: `Incorrect API key provided: ${KEY}` } }));
    const error = await failure(embedder('other').start());

    expect(error).toBeInstanceOf(ModelUnavailable);
    expect(error.message).toBe(
      'The dimensions of the embedding model "other" are not known, and could not be asked for. ' +
        'The embedding server refuses the key (401): check OPENAI_API_KEY.',
    );
  });
});

describe('An embedder behind a compatible server', () => {
  const server = new OpenAiServer();

  anEmbedder(
    async () =>
      new OpenAiEmbedder({
        model: 'other',
        openAiApiKey: KEY,
        openAiBaseUrl: await server.open(),
      }),
  );
  afterAll(() => server.close());
});

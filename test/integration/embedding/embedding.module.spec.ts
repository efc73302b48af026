import { Settings } from '#config';
import { Embedder, EmbeddingModule, EmbeddingService, ModelUnavailable } from '#embedding';
import { describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';

const app = (env: Record<string, string>) => {
  @Global()
  @Module({
    providers: [{ provide: Settings, useValue: new Settings(env) }],
    exports: [Settings],
  })
  class Said {}

  return Test.createTestingModule({ imports: [Said, EmbeddingModule] }).compile();
};

describe('The embedding room', () => {
  it('gives an embedder that has started, and closes it with the service', async () => {
    const module = await app({ EMBEDDING_WORKERS: '1' });
    const embedder = module.get(Embedder);

    expect(embedder.profile.dimensions).toBe(384);
    expect(await module.get(EmbeddingService).generateEmbedding('hello')).toHaveLength(384);
    await module.close();
    await expect(embedder.embed(['new'], { priority: 'query' })).rejects.toThrow('stopping');
  });

  it('takes the embedder that was chosen', async () => {
    const module = await app({ EMBEDDING_PROVIDER: 'openai', OPENAI_API_KEY: 'key' });

    expect(module.get(Embedder).profile.slug).toBe('text_embedding_3_small');
    await module.close();
  });

  it('does not open without a model', async () => {
    await expect(app({ EMBEDDING_MODEL: 'models/none' })).rejects.toBeInstanceOf(ModelUnavailable);
  });
});

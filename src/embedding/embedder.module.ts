import { Settings, type EmbeddingSettings } from '#config';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { Embedder } from './embedder.js';
import { LocalEmbedder } from './local-embedder.js';
import { OpenAiEmbedder } from './openai-embedder.js';
import { RememberingEmbedder } from './remembering-embedder.js';

/** For the rooms of the house. Whoever is given the `Embedder` is given one that has started. */
@Module({
  providers: [{ provide: Embedder, inject: [Settings], useFactory: startedEmbedder }],
  exports: [Embedder],
})
export class EmbedderModule implements OnApplicationShutdown {
  constructor(private readonly embedder: Embedder) {}

  onApplicationShutdown(): Promise<void> {
    return this.embedder.close();
  }
}

async function startedEmbedder({ embedding }: Settings): Promise<Embedder> {
  const embedder = new RememberingEmbedder(chosen(embedding));
  await embedder.start();

  return embedder;
}

const chosen = (settings: EmbeddingSettings): Embedder =>
  settings.provider === 'openai'
    ? new OpenAiEmbedder(settings)
    : new LocalEmbedder(settings.model, settings.workers);

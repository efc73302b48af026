import { Module } from '@nestjs/common';
import { EmbedderModule } from './embedder.module.js';
import { EmbeddingService } from './embedding.service.js';

/** For sibling modules: one facade, and nothing else. */
@Module({ imports: [EmbedderModule], providers: [EmbeddingService], exports: [EmbeddingService] })
export class EmbeddingModule {}

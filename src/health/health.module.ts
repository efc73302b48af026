import { EmbedderModule } from '#embedding';
import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

@Module({ imports: [EmbedderModule], controllers: [HealthController], providers: [Readiness] })
export class HealthModule {}

import { AdminModule } from '#admin';
import { ConfigModule, type Settings } from '#config';
import { DatabaseModule } from '#database';
import { EmbeddingModule } from '#embedding';
import { EventStoreModule } from '#event-store';
import { HealthModule } from '#health';
import { HttpModule } from '#http';
import { KeysModule } from '#keys';
import { MemoryModule } from '#memory';
import { PatternsModule } from '#patterns';
import { PhasesModule } from '#phases';
import { RelayModule } from '#relay';
import { TasksModule } from '#tasks';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import ormOptions from '../mikro-orm.config.js';

/** The table of contents: one line a room. */
@Module({})
export class AppModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings),
        DatabaseModule.with(ormOptions),
        CqrsModule.forRoot(),
        EventStoreModule,
        EmbeddingModule,
        PhasesModule,
        TasksModule,
        MemoryModule,
        PatternsModule,
        RelayModule,
        KeysModule,
        AdminModule,
        HealthModule,
        HttpModule,
      ],
    };
  }
}

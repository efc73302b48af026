import { Embedder, EmbeddingModule } from '#embedding';
import { EventCatalog, Followers } from '#event-store';
import { PhasesModule } from '#phases';
import { TasksModule } from '#tasks';
import { Module, type OnModuleInit } from '@nestjs/common';
import { CommandBus, EventBus } from '@nestjs/cqrs';
import { ReuseCounter } from './count-reuse/reuse-counter.js';
import { memoryEvents } from './domain/memory.events.js';
import { MemoryEmbedder } from './embed-memories/memory-embedder.js';
import {
  GetMemoryHandler,
  ListMemoriesHandler,
  ListTaskMemoriesHandler,
} from './get-memories/get-memories.handler.js';
import { MemoryController } from './memory.controller.js';
import { memoryUsage } from './read-model/memory-usage.projection.js';
import { memoryVectors } from './read-model/memory-vectors.projection.js';
import { MemoryReader } from './read-model/memory.reader.js';
import { PendingVectors } from './read-model/pending-vectors.js';
import { SimilarReader } from './read-model/similar.reader.js';
import { taskMemories } from './read-model/task-memories.projection.js';
import { VectorTable } from './read-model/vector-table.js';
import { RevokeMemoryHandler } from './revoke-memory/revoke-memory.handler.js';
import { SearchMemoriesHandler } from './search-memories/search-memories.handler.js';
import { StoreBatchHandler } from './store-batch/store-batch.handler.js';
import { ExecutionWriter } from './store-execution/execution-writer.js';
import { StoreExecutionHandler } from './store-execution/store-execution.handler.js';
import { whenTaskFinished } from './store-execution/when-task-finished.js';
import { SuggestContextHandler } from './suggest-context/suggest-context.handler.js';
import { TaskMemoryController } from './task-memory.controller.js';
import { tellSiblings } from './tell-siblings.js';

@Module({
  imports: [EmbeddingModule, PhasesModule, TasksModule],
  controllers: [MemoryController, TaskMemoryController],
  providers: [
    ExecutionWriter,
    ReuseCounter,
    MemoryEmbedder,
    MemoryReader,
    SimilarReader,
    PendingVectors,
    VectorTable,
    StoreExecutionHandler,
    StoreBatchHandler,
    SearchMemoriesHandler,
    GetMemoryHandler,
    ListMemoriesHandler,
    ListTaskMemoriesHandler,
    RevokeMemoryHandler,
    SuggestContextHandler,
  ],
})
export class MemoryModule implements OnModuleInit {
  constructor(
    catalog: EventCatalog,
    private readonly followers: Followers,
    private readonly vectors: VectorTable,
    private readonly embedder: Embedder,
    private readonly memoryEmbedder: MemoryEmbedder,
    private readonly commands: CommandBus,
    private readonly events: EventBus,
  ) {
    catalog.add(memoryEvents);
  }

  async onModuleInit(): Promise<void> {
    await this.vectors.make();
    const vectors = memoryVectors(this.vectors.name, this.embedder.profile);
    this.followers.project(taskMemories);
    this.followers.project(memoryUsage);
    this.followers.project(vectors);
    this.followers.react(whenTaskFinished(this.commands));
    this.followers.react(tellSiblings(this.events));
    this.followers.employ(this.memoryEmbedder, vectors.name);
  }
}

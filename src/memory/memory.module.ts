import { Embedder, EmbedderModule } from '#embedding';
import { EventCatalog, Followers } from '#event-store';
import { PhasesModule } from '#phases';
import { TasksModule } from '#tasks';
import { Module, type OnModuleInit } from '@nestjs/common';
import { ReuseCounter } from './count-reuse/reuse-counter.js';
import { memoryEvents } from './domain/memory.events.js';
import { MemoryEmbedder } from './embed-memories/memory-embedder.js';
import { EraseMemoryHandler } from './erase-memory/erase-memory.handler.js';
import { Eraser } from './erase-memory/eraser.js';
import { Texts } from './erase-memory/texts.js';
import { WhenTaskDeleted } from './erase-memory/when-task-deleted.js';
import { WholeTasks } from './erase-memory/whole-tasks.js';
import { EraseNamespaceHandler } from './erase-namespace/erase-namespace.handler.js';
import { EraseSubjectHandler } from './erase-subject/erase-subject.handler.js';
import { ForgetCommentsHandler } from './forget-comments/forget-comments.handler.js';
import {
  GetMemoryHandler,
  ListMemoriesHandler,
  ListTaskMemoriesHandler,
} from './get-memories/get-memories.handler.js';
import { Memories } from './memories.js';
import { MemoryController } from './memory.controller.js';
import { MemoryFacade } from './memory.facade.js';
import { memoryKeywords } from './read-model/memory-keywords.projection.js';
import { memoryUsage } from './read-model/memory-usage.projection.js';
import { memoryVectors } from './read-model/memory-vectors.projection.js';
import { MemoryReader } from './read-model/memory.reader.js';
import { PendingVectors } from './read-model/pending-vectors.js';
import { SearchReader } from './read-model/search.reader.js';
import { taskMemories } from './read-model/task-memories.projection.js';
import { VectorTable } from './read-model/vector-table.js';
import { RecordOutcomeHandler } from './record-outcome/record-outcome.handler.js';
import { RevokeMemoryHandler } from './revoke-memory/revoke-memory.handler.js';
import { SearchMemoriesHandler } from './search-memories/search-memories.handler.js';
import { Similarity } from './similarity.js';
import { StoreBatchHandler } from './store-batch/store-batch.handler.js';
import { ExecutionWriter } from './store-execution/execution-writer.js';
import { StoreExecutionHandler } from './store-execution/store-execution.handler.js';
import { WhenTaskFinished } from './store-execution/when-task-finished.js';
import { SuggestContextHandler } from './suggest-context/suggest-context.handler.js';
import { SuggestionLedger } from './suggest-context/suggestion-ledger.js';
import { TaskMemoryController } from './task-memory.controller.js';

@Module({
  imports: [EmbedderModule, PhasesModule, TasksModule],
  controllers: [MemoryController, TaskMemoryController],
  providers: [
    MemoryFacade,
    Memories,
    Eraser,
    WholeTasks,
    Texts,
    ExecutionWriter,
    ReuseCounter,
    Similarity,
    SuggestionLedger,
    MemoryEmbedder,
    WhenTaskFinished,
    WhenTaskDeleted,
    MemoryReader,
    SearchReader,
    PendingVectors,
    VectorTable,
    StoreExecutionHandler,
    StoreBatchHandler,
    SearchMemoriesHandler,
    GetMemoryHandler,
    ListMemoriesHandler,
    ListTaskMemoriesHandler,
    RevokeMemoryHandler,
    EraseMemoryHandler,
    EraseSubjectHandler,
    EraseNamespaceHandler,
    SuggestContextHandler,
    RecordOutcomeHandler,
    ForgetCommentsHandler,
  ],
  exports: [MemoryFacade],
})
export class MemoryModule implements OnModuleInit {
  constructor(
    catalog: EventCatalog,
    private readonly followers: Followers,
    private readonly vectors: VectorTable,
    private readonly pending: PendingVectors,
    private readonly embedder: Embedder,
  ) {
    catalog.add(memoryEvents);
    followers.project(taskMemories);
    followers.project(memoryUsage);
    followers.project(memoryKeywords);
  }

  async onModuleInit(): Promise<void> {
    await this.vectors.make();
    await this.pending.release();
    this.followers.project(memoryVectors(this.vectors, this.embedder.profile));
  }
}

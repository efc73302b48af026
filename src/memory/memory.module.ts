import { EmbedderModule } from '#embedding';
import { EventCatalog, Followers } from '#event-store';
import { PhasesModule } from '#phases';
import { TasksModule } from '#tasks';
import { Module } from '@nestjs/common';
import { ReuseCounter } from './count-reuse/reuse-counter.js';
import { embeddingEvents } from './domain/embedding.events.js';
import { memoryEvents } from './domain/memory.events.js';
import { MemoryEmbedder } from './embed-memories/memory-embedder.js';
import { SharedForgetter } from './embed-memories/shared-forgetter.js';
import { VectorMaker } from './embed-memories/vector-maker.js';
import { EmbeddingsController } from './embeddings.controller.js';
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
import { RecallMonitor } from './measure-recall/recall-monitor.js';
import { Memories } from './memories.js';
import { MemoryController } from './memory.controller.js';
import { MemoryFacade } from './memory.facade.js';
import { EmbeddingMigrations } from './migrate-embeddings/embedding-migrations.js';
import { Migrator } from './migrate-embeddings/migrator.js';
import { ModelChange } from './migrate-embeddings/model-change.js';
import { SpaceFiller } from './migrate-embeddings/space-filler.js';
import { SpaceKeeper } from './migrate-embeddings/space-keeper.js';
import { SpaceModels } from './migrate-embeddings/space-models.js';
import { EmbeddingMigrationsTable } from './read-model/embedding-migrations.table.js';
import { EmbeddingStepsTable } from './read-model/embedding-steps.table.js';
import { EmbeddingsReader } from './read-model/embeddings.reader.js';
import { ForgottenTexts } from './read-model/forgotten-texts.js';
import { memoryKeywords } from './read-model/memory-keywords.projection.js';
import { memoryUsage } from './read-model/memory-usage.projection.js';
import { MemoryReader } from './read-model/memory.reader.js';
import { SearchReader } from './read-model/search.reader.js';
import { Spaces } from './read-model/spaces.js';
import { taskMemories } from './read-model/task-memories.projection.js';
import { RecallController } from './recall.controller.js';
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
  controllers: [MemoryController, TaskMemoryController, EmbeddingsController, RecallController],
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
    RecallMonitor,
    Spaces,
    EmbeddingMigrationsTable,
    EmbeddingStepsTable,
    ForgottenTexts,
    VectorMaker,
    SharedForgetter,
    SpaceFiller,
    SpaceModels,
    SpaceKeeper,
    ModelChange,
    Migrator,
    EmbeddingMigrations,
    EmbeddingsReader,
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
export class MemoryModule {
  constructor(catalog: EventCatalog, followers: Followers) {
    catalog.add(memoryEvents);
    catalog.add(embeddingEvents);
    followers.project(taskMemories);
    followers.project(memoryUsage);
    followers.project(memoryKeywords);
  }
}

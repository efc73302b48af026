import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { EventLog } from './migrations/0001-event-log.js';
import { ReadModels } from './migrations/0002-read-models.js';
import { LearnerTables } from './migrations/0003-learner.js';
import { AdminTables } from './migrations/0004-admin.js';
import { Erase } from './migrations/0005-erase.js';
import { RelayTables } from './migrations/0007-relay.js';
import { Optimizations } from './migrations/0008-optimizations.js';
import { Suggestions } from './migrations/0009-suggestions.js';
import { Append } from './migrations/0010-append.js';
import { Descriptions } from './migrations/0011-descriptions.js';
import { AppendPlainly } from './migrations/0012-append-plainly.js';
import { Keywords } from './migrations/0013-keywords.js';
import { ApiKeys } from './migrations/0014-api-keys.js';
import { Embeddings } from './migrations/0016-embeddings.js';
import { WholeWords } from './migrations/0017-whole-words.js';
import { LongWords } from './migrations/0018-long-words.js';
import {
  KeywordFrequencyEntity,
  MemoryKeywordsEntity,
} from './src/memory/read-model/memory-keywords.entities.js';
import { MemoryUsageEntity } from './src/memory/read-model/memory-usage.entity.js';
import { TaskMemoryEntity } from './src/memory/read-model/task-memories.entity.js';
import { LearnedPatternEntity } from './src/patterns/read-model/learned-patterns.entity.js';
import {
  LearnerEvidenceEntity,
  LearnerExecutionEntity,
  LearnerHistogramEntity,
  LearnerKeyEntity,
  LearnerKeyTaskEntity,
  LearnerSignatureEntity,
} from './src/patterns/read-model/learner.entities.js';
import {
  PatternDescriptionEntity,
  PatternFeedbackEntity,
  PatternHistoryEntity,
  PatternSuggestionEntity,
} from './src/patterns/read-model/pattern-tables.entities.js';
import {
  SuggestionEntity,
  SuggestionExecutionEntity,
  SuggestionPatternEntity,
} from './src/patterns/read-model/suggestions.entities.js';
import { PhaseEntity } from './src/phases/read-model/phases.entity.js';
import { TaskEntity } from './src/tasks/read-model/tasks.entity.js';

/** Entities and migrations are listed, never globbed: so they run on every Node. */
const options: Options = defineConfig({
  entities: [
    PhaseEntity,
    TaskEntity,
    TaskMemoryEntity,
    MemoryUsageEntity,
    MemoryKeywordsEntity,
    KeywordFrequencyEntity,
    LearnedPatternEntity,
    LearnerKeyEntity,
    LearnerKeyTaskEntity,
    LearnerSignatureEntity,
    LearnerHistogramEntity,
    LearnerExecutionEntity,
    LearnerEvidenceEntity,
    PatternDescriptionEntity,
    PatternFeedbackEntity,
    PatternHistoryEntity,
    PatternSuggestionEntity,
    SuggestionEntity,
    SuggestionPatternEntity,
    SuggestionExecutionEntity,
  ],
  extensions: [Migrator],
  migrations: {
    migrationsList: [
      { name: '0001-event-log', class: EventLog },
      { name: '0002-read-models', class: ReadModels },
      { name: '0003-learner', class: LearnerTables },
      { name: '0004-admin', class: AdminTables },
      { name: '0005-erase', class: Erase },
      { name: '0007-relay', class: RelayTables },
      { name: '0008-optimizations', class: Optimizations },
      { name: '0009-suggestions', class: Suggestions },
      { name: '0010-append', class: Append },
      { name: '0011-descriptions', class: Descriptions },
      { name: '0012-append-plainly', class: AppendPlainly },
      { name: '0013-keywords', class: Keywords },
      { name: '0014-api-keys', class: ApiKeys },
      { name: '0016-embeddings', class: Embeddings },
      { name: '0017-whole-words', class: WholeWords },
      { name: '0018-long-words', class: LongWords },
    ],
    snapshot: false,
  },
  // The log's own schemas are written by hand; tables of vectors are made when a model is registered.
  schemaGenerator: {
    ignoreSchema: ['es', 'es_building', 'es_retired'],
    skipTables: [/^memory_embedding_/, /^embedding_pending_/],
  },
});

export default options;

import { tenantsApart } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

const OF_A_TENANT = { rowLevelSecurity: 'force', policies: tenantsApart() } as const;

/** What each actor last said of a pattern; `position` is that of the first time. */
export const PatternFeedbackEntity = defineEntity({
  name: 'PatternFeedback',
  tableName: 'pattern_feedback',
  ...OF_A_TENANT,
  properties: {
    namespace: p.string().length(64).primary(),
    pattern_id: p.uuid().primary(),
    who: p.string().length(220).primary(),
    position: p.bigint(),
    helpful: p.boolean(),
    adjustment: p.double(),
  },
});

/** When the status of a pattern changed, or its confidence moved, and what made it so. */
export const PatternHistoryEntity = defineEntity({
  name: 'PatternHistory',
  tableName: 'pattern_history',
  ...OF_A_TENANT,
  properties: {
    namespace: p.string().length(64).primary(),
    pattern_id: p.uuid().primary(),
    position: p.bigint().primary(),
    at: p.datetime(3),
    cause: p.string().length(50),
    status: p.string().length(20),
    confidence_score: p.double(),
  },
});

/** What the executions of a key say, and about how many of them. */
export const PatternDescriptionEntity = defineEntity({
  name: 'PatternDescription',
  tableName: 'pattern_descriptions',
  ...OF_A_TENANT,
  properties: {
    namespace: p.string().length(64).primary(),
    key_id: p.uuid().primary(),
    described: p.integer(),
    said: p.json(),
  },
});

/** Which contexts served a pattern. */
export const PatternSuggestionEntity = defineEntity({
  name: 'PatternSuggestion',
  tableName: 'pattern_suggestions',
  ...OF_A_TENANT,
  properties: {
    namespace: p.string().length(64).primary(),
    pattern_id: p.uuid().primary(),
    position: p.bigint().primary(),
    suggestion_id: p.uuid(),
  },
});

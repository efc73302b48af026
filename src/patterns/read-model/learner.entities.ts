import { tenantsApart } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

const OF_A_TENANT = { rowLevelSecurity: 'force', policies: tenantsApart() } as const;

/** What is counted and concluded of each key. */
export const LearnerKeyEntity = defineEntity({
  name: 'LearnerKey',
  tableName: 'learner_keys',
  ...OF_A_TENANT,
  indexes: [
    { name: 'learner_keys_type', properties: ['namespace', 'task_type'] },
    { name: 'learner_keys_kind', properties: ['namespace', 'kind'] },
  ],
  properties: {
    namespace: p.string().length(64).primary(),
    id: p.uuid().primary(),
    key: p.json<readonly string[]>(),
    kind: p.string().length(30),
    /** The type that it is about; null when it is about several. */
    task_type: p.string().length(200).nullable(),
    successes: p.integer(),
    executions: p.integer(),
    tasks: p.integer(),
    task_vote_successes: p.integer(),
    task_votes: p.integer(),
    agent_vote_successes: p.integer(),
    agent_votes: p.integer(),
    prior: p.double(),
    rate: p.double().nullable(),
    ln_e: p.double().nullable(),
    direction: p.string().length(20).nullable(),
    is_active: p.boolean(),
    claim_rate: p.double().nullable(),
    claim_base: p.double().nullable(),
    cusum: p.double(),
    demotions: p.integer(),
    cut_successes: p.integer(),
    cut_votes: p.integer(),
    cut_position: p.bigint(),
    zero_successes: p.integer(),
    zero_votes: p.integer(),
    zero_position: p.bigint(),
    noted_side: p.string().length(20).nullable(),
    noted_status: p.string().length(20).nullable(),
    noted_confidence: p.double().nullable(),
  },
});

/** The executions of one task that count for a key. A row that is there has taken the first place. */
export const LearnerKeyTaskEntity = defineEntity({
  name: 'LearnerKeyTask',
  tableName: 'learner_key_tasks',
  ...OF_A_TENANT,
  properties: {
    namespace: p.string().length(64).primary(),
    key_id: p.uuid().primary(),
    task_id: p.string().length(200).primary(),
    successes: p.integer(),
    executions: p.integer(),
  },
});

/** How many failures of a namespace show a signature. */
export const LearnerSignatureEntity = defineEntity({
  name: 'LearnerSignature',
  tableName: 'learner_signatures',
  ...OF_A_TENANT,
  properties: {
    namespace: p.string().length(64).primary(),
    signature: p.string().length(200).primary(),
    failures: p.integer(),
  },
});

/** How many successes of a type took so long and cost so much: 64 counts each. */
export const LearnerHistogramEntity = defineEntity({
  name: 'LearnerHistogram',
  tableName: 'learner_histograms',
  ...OF_A_TENANT,
  properties: {
    namespace: p.string().length(64).primary(),
    task_type: p.string().length(200).primary(),
    durations: p.json<readonly number[]>(),
    costs: p.json<readonly number[]>(),
  },
});

/** Every execution that was learned from; `revoked_at` is the position at which it was taken back. */
export const LearnerExecutionEntity = defineEntity({
  name: 'LearnerExecution',
  tableName: 'learner_executions',
  ...OF_A_TENANT,
  indexes: [
    {
      name: 'learner_executions_memory',
      expression:
        'create unique index "learner_executions_memory" on "learner_executions" ("namespace", "memory_id")',
    },
    {
      name: 'learner_executions_task',
      expression:
        'create index "learner_executions_task" on "learner_executions" ("namespace", "task_id", "position")',
    },
  ],
  properties: {
    namespace: p.string().length(64).primary(),
    position: p.bigint().primary(),
    memory_id: p.uuid(),
    task_id: p.string().length(200),
    success: p.boolean(),
    signature: p.string().length(200).nullable(),
    /** Type and description: what regexes are searched in. */
    line: p.text(),
    task_voted: p.boolean(),
    agent_voted: p.boolean(),
    /** Where it is counted in the histograms of its type; null when it is not. */
    duration_bucket: p.smallint().nullable(),
    cost_bucket: p.smallint().nullable(),
    /** Whether it succeeded below the median; null when it could not be held against one. */
    is_faster: p.boolean().nullable(),
    is_cheaper: p.boolean().nullable(),
    at: p.datetime(3),
    revoked_at: p.bigint().nullable(),
  },
});

/** Which execution counts for which key. */
export const LearnerEvidenceEntity = defineEntity({
  name: 'LearnerEvidence',
  tableName: 'learner_evidence',
  ...OF_A_TENANT,
  indexes: [{ name: 'learner_evidence_position', properties: ['namespace', 'position'] }],
  properties: {
    namespace: p.string().length(64).primary(),
    key_id: p.uuid().primary(),
    position: p.bigint().primary(),
  },
});

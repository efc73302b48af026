import type { Sql } from '#database';
import type { KeyState, Noted } from '../domain/key-state.js';
import { taskTypeOf, type Key } from '../domain/key.js';
import { keyIdOf } from '../domain/pattern-id.js';

/** A row of `learner_keys`. Positions come back as strings. */
interface KeyRow {
  readonly id: string;
  readonly key: Key;
  readonly successes: number;
  readonly executions: number;
  readonly tasks: number;
  readonly task_vote_successes: number;
  readonly task_votes: number;
  readonly agent_vote_successes: number;
  readonly agent_votes: number;
  readonly prior: number;
  readonly rate: number | null;
  readonly ln_e: number | null;
  readonly direction: KeyState['direction'];
  readonly is_active: boolean;
  readonly claim_rate: number | null;
  readonly claim_base: number | null;
  readonly cusum: number;
  readonly demotions: number;
  readonly cut_successes: number;
  readonly cut_votes: number;
  readonly cut_position: string;
  readonly zero_successes: number;
  readonly zero_votes: number;
  readonly zero_position: string;
  readonly noted_side: Noted['side'] | null;
  readonly noted_status: Noted['status'] | null;
  readonly noted_confidence: number | null;
}

/** The names and types of a row's columns, in the order of the table. */
const COLUMNS = `id uuid, key jsonb, kind text, task_type text, successes int, executions int,
  tasks int, task_vote_successes int, task_votes int, agent_vote_successes int, agent_votes int,
  prior float8, rate float8, ln_e float8, direction text, is_active boolean, claim_rate float8,
  claim_base float8, cusum float8, demotions int, cut_successes int, cut_votes int,
  cut_position bigint, zero_successes int, zero_votes int, zero_position bigint, noted_side text,
  noted_status text, noted_confidence float8`;

const NAMES = COLUMNS.split(',').map((column) => column.trim().split(' ', 1).join());
const KEPT = ['id', 'key', 'kind', 'task_type'];
const SET = NAMES.filter((name) => !KEPT.includes(name)).map(
  (name) => `${name} = excluded.${name}`,
);

/** The table `learner_keys`, for the learner alone. */
export class LearnerKeysTable {
  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
  ) {}

  /** Those of `keys` that are there, and all that people asked for. */
  async load(keys: readonly Key[]): Promise<KeyState[]> {
    const rows = await this.sql.query<KeyRow>(
      `select * from learner_keys as key
        where key.namespace = $1 and (key.id = any($2) or key.kind = 'extracted')`,
      [this.namespace, keys.map((key) => keyIdOf(this.namespace, key))],
    );
    return rows.map(stateOf);
  }

  async save(states: readonly KeyState[]): Promise<void> {
    const rows = states.map((state) => rowOf(this.namespace, state));
    await this.sql.query(
      `insert into learner_keys (namespace, ${NAMES.join(', ')})
       select $1, row.* from jsonb_to_recordset($2::jsonb) as row(${COLUMNS})
       on conflict (namespace, id) do update set ${SET.join(', ')}`,
      [this.namespace, JSON.stringify(rows)],
    );
  }
}

function rowOf(
  namespace: string,
  state: KeyState,
): KeyRow & { kind: string; task_type: string | null } {
  const { key, votes, cut, zero } = state;

  return {
    id: keyIdOf(namespace, key),
    key,
    kind: key[0],
    task_type: taskTypeOf(key),
    successes: state.successes,
    executions: state.executions,
    tasks: state.tasks,
    task_vote_successes: votes.task.successes,
    task_votes: votes.task.votes,
    agent_vote_successes: votes.agent.successes,
    agent_votes: votes.agent.votes,
    prior: state.prior,
    rate: state.rate,
    ln_e: state.lnE,
    direction: state.direction,
    is_active: state.isActive,
    ...claimColumns(state),
    cusum: state.cusum,
    demotions: state.demotions,
    cut_successes: cut.successes,
    cut_votes: cut.votes,
    cut_position: String(cut.position),
    zero_successes: zero.successes,
    zero_votes: zero.votes,
    zero_position: String(zero.position),
    ...notedColumns(state),
  };
}

const claimColumns = ({ claim }: KeyState): Pick<KeyRow, 'claim_rate' | 'claim_base'> =>
  claim === null
    ? { claim_rate: null, claim_base: null }
    : { claim_rate: claim.rate, claim_base: claim.base };

const notedColumns = ({
  noted,
}: KeyState): Pick<KeyRow, 'noted_side' | 'noted_status' | 'noted_confidence'> =>
  noted === null
    ? { noted_side: null, noted_status: null, noted_confidence: null }
    : {
        noted_side: noted.side,
        noted_status: noted.status,
        noted_confidence: noted.confidence,
      };

function stateOf(row: KeyRow): KeyState {
  return {
    key: row.key,
    successes: row.successes,
    executions: row.executions,
    tasks: row.tasks,
    votes: {
      task: { successes: row.task_vote_successes, votes: row.task_votes },
      agent: { successes: row.agent_vote_successes, votes: row.agent_votes },
    },
    prior: row.prior,
    rate: row.rate,
    lnE: row.ln_e,
    direction: row.direction,
    isActive: row.is_active,
    claim:
      row.claim_rate === null || row.claim_base === null
        ? null
        : { rate: row.claim_rate, base: row.claim_base },
    cusum: row.cusum,
    demotions: row.demotions,
    cut: until(row.cut_successes, row.cut_votes, row.cut_position),
    zero: until(row.zero_successes, row.zero_votes, row.zero_position),
    noted: notedOf(row),
  };
}

const until = (successes: number, votes: number, position: string): KeyState['cut'] => ({
  successes,
  votes,
  position: BigInt(position),
});

function notedOf({ noted_side, noted_status, noted_confidence }: KeyRow): Noted | null {
  if (noted_side === null || noted_status === null || noted_confidence === null) return null;

  return { side: noted_side, status: noted_status, confidence: noted_confidence };
}

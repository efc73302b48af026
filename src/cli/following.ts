import type { Client } from './client.js';
import type { Printer } from './printer.js';
import { leftOf, watch, type Progress } from './progress-bar.js';

/** A rebuild as the service tells it. */
export interface Rebuild {
  readonly rebuild_id: string;
  readonly projection: string;
  readonly kind: string;
  readonly version: number;
  readonly status: 'building' | 'ready' | 'swapped' | 'cancelled' | 'failed';
  readonly swap: boolean;
  readonly position: number;
  readonly target: number;
  readonly percent: number;
  readonly events_per_second: number | null;
  readonly eta_seconds: number | null;
  readonly diff: Difference | null;
  readonly error: string | null;
  readonly began_at: string;
  readonly ended_at: string | null;
}

interface Difference {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly patterns: readonly {
    readonly pattern_id: string;
    readonly before: number | null;
    readonly after: number | null;
    readonly status_before: string | null;
    readonly status_after: string | null;
  }[];
}

/** Shows how a rebuild goes on until it is over or waits; gives how it stands then. */
export const follow = ({ client }: { client: Client }, id: string): Promise<Rebuild> =>
  watch(() => client.get<Rebuild>(`/rebuilds/${id}`), progressOf, 'events');

const progressOf = (rebuild: Rebuild): Progress => ({
  what: rebuild.projection,
  done: rebuild.position,
  total: rebuild.target,
  speed: rebuild.events_per_second,
  left: leftOf(rebuild.status === 'building', rebuild.eta_seconds, rebuild.status),
  isOver: rebuild.ended_at !== null || (rebuild.status === 'ready' && !rebuild.swap),
});

/** Says what became of a rebuild, and what it changes. */
export function report(printer: Printer, rebuild: Rebuild): boolean {
  printer.say([outcome(rebuild), ...changes(rebuild)].join('\n'), rebuild);

  return rebuild.status !== 'failed';
}

function outcome({ projection, version, status, rebuild_id, error }: Rebuild): string {
  switch (status) {
    case 'swapped':
      return `Version ${String(version)} of ${projection} is live.`;
    case 'ready':
      return `Version ${String(version)} of ${projection} is ready: omoi rebuilds swap ${rebuild_id}`;
    case 'failed':
      return `The rebuild of ${projection} failed: ${error ?? ''}`;
    default:
      return `The rebuild of ${projection} is ${status}.`;
  }
}

function changes({ diff }: Rebuild): string[] {
  if (diff === null) return [];
  const { added, removed, changed, patterns } = diff;

  return [
    `Rows: ${String(added)} added, ${String(removed)} removed, ${String(changed)} changed.`,
    ...patterns.map(
      ({ pattern_id, before, after, status_before, status_after }) =>
        `  pattern ${pattern_id}: ${standing(before, status_before)} → ${standing(after, status_after)}`,
    ),
  ];
}

const standing = (confidence: number | null, status: string | null): string =>
  confidence === null ? 'none' : `${confidence.toFixed(3)} ${status ?? ''}`;

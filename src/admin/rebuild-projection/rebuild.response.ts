import { REBUILD_STATUSES, type Rebuild } from '#event-store';
import { z } from 'zod';

export const rebuildResponse = z
  .object({
    rebuild_id: z.uuid(),
    kind: z.enum(['rebuild', 'flip-back']),
    projection: z.string(),
    version: z.int().meta({ description: 'Of the new tables.' }),
    status: z.enum(REBUILD_STATUSES),
    swap: z.boolean(),
    position: z.int(),
    target: z.int(),
    percent: z.number().min(0).max(100),
    events_per_second: z.number().nullable(),
    eta_seconds: z.number().nullable(),
    diff: z
      .object({
        added: z.int(),
        removed: z.int(),
        changed: z.int(),
        patterns: z
          .array(
            z.object({
              pattern_id: z.string(),
              before: z.number().nullable(),
              after: z.number().nullable(),
              status_before: z.string().nullable(),
              status_after: z.string().nullable(),
            }),
          )
          .meta({ description: 'Patterns whose confidence or status moved; 10,000 at most.' }),
      })
      .nullable()
      .meta({ description: 'In rows; null before it has caught up.' }),
    error: z.string().nullable(),
    began_at: z.string(),
    ended_at: z.string().nullable(),
  })
  .meta({ id: 'Rebuild' });
export type RebuildResponse = z.output<typeof rebuildResponse>;

/** A rebuild as it is served. */
export function rebuildAnswer(rebuild: Rebuild): RebuildResponse {
  const { id, diff, position, target, events_per_second: speed } = rebuild;

  return {
    rebuild_id: id,
    kind: rebuild.kind,
    projection: rebuild.projection,
    version: rebuild.version,
    status: rebuild.status,
    swap: rebuild.swap,
    position,
    target,
    percent: target === 0 ? 100 : Math.round((1_000 * Math.min(position, target)) / target) / 10,
    events_per_second: speed === null ? null : Math.round(speed),
    eta_seconds: etaOf(rebuild),
    diff: diff && {
      added: diff.added,
      removed: diff.removed,
      changed: diff.changed,
      patterns: diff.moved.map(({ id: pattern_id, ...moved }) => ({ pattern_id, ...moved })),
    },
    error: rebuild.error,
    began_at: rebuild.began_at,
    ended_at: rebuild.ended_at,
  };
}

function etaOf({ status, position, target, events_per_second: speed }: Rebuild): number | null {
  if (status !== 'building') return status === 'failed' || status === 'cancelled' ? null : 0;

  return speed === null || speed === 0 ? null : Math.ceil(Math.max(0, target - position) / speed);
}

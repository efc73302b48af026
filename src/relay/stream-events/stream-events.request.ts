import { DomainError } from '#kernel';
import { queryList } from '#rest';
import { z } from 'zod';
import { NOTIFICATION_TYPES } from '../domain/notification-types.js';

/** The types of notifications that somebody wants, all when left out. */
export const streamEventsQuery = z.strictObject({
  types: queryList(z.enum(NOTIFICATION_TYPES), NOTIFICATION_TYPES.length)
    .optional()
    .meta({ description: 'Only these; all when left out.' }),
  last_event_id: z.uuid().optional().meta({
    description:
      'As the header Last-Event-ID, for those who cannot set one. The header goes first.',
  }),
});
export type StreamEventsQuery = z.output<typeof streamEventsQuery>;

/** The id in a header Last-Event-ID; undefined without one. @throws DomainError 400 */
export function lastEventId(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  const { data, success } = z.uuid().safeParse(header);
  if (!success) {
    throw new DomainError(
      'unreadable',
      'request.bad_last_event_id',
      'The header Last-Event-ID must be the id of a notification, a UUID.',
    );
  }
  return data;
}

import { Embedder } from '#embedding';
import { EventStore, Followers } from '#event-store';
import { DomainError, type FieldError } from '#kernel';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const readinessResponse = z.object({
  status: z.literal('ready'),
  model_key: z.string(),
  position: z.int().meta({ description: 'Of the last event in the log.' }),
  projections: z.array(
    z.object({
      name: z.string(),
      checkpoint: z.int(),
      lag: z.int().meta({ description: 'Events behind the log.' }),
    }),
  ),
});
export type ReadinessResponse = z.output<typeof readinessResponse>;

/** Whether everything a request needs is there. The migrations are, once it listens. */
@Injectable()
export class Readiness {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly embedder: Embedder,
  ) {}

  /** @throws DomainError `database.unavailable`, `service.not_ready` naming each projection. */
  async look(): Promise<ReadinessResponse> {
    const head = await this.store.head();
    const states = this.followers.states();
    const model = this.embedder.refusal;
    const wrong = states.flatMap(({ name, reason, checkpoint }): FieldError[] =>
      reason === null && checkpoint >= 0n
        ? []
        : [
            {
              field: name,
              message: reason === null ? 'has not started' : `stands still: ${reason}`,
            },
          ],
    );
    if (model) wrong.push({ field: 'model', message: model.message });
    if (wrong.length > 0) throw notReady(wrong);

    return {
      status: 'ready',
      model_key: this.embedder.profile.key,
      position: Number(head),
      projections: states.map(({ name, checkpoint }) => ({
        name,
        checkpoint: Number(checkpoint),
        lag: Math.max(0, Number(head - checkpoint)),
      })),
    };
  }
}

const notReady = (wrong: readonly FieldError[]): DomainError =>
  new DomainError(
    'unavailable',
    'service.not_ready',
    'Not everything is there; `errors` names what is not.',
    wrong,
  );

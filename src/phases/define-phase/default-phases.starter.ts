import { decideOn, EventStore, execute, Followers } from '#event-store';
import { SERVICE_NAMESPACE } from '#kernel';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DEFAULT_PHASES } from '../domain/default-phases.js';
import { phase as phaseDecider } from '../domain/phase.js';
import { phasesProjection } from '../read-model/phases.projection.js';

const NAME = 'policy:default-phases';

/** Writes the default phases at the first start; the key keeps every later start from doing so. */
@Injectable()
export class DefaultPhasesStarter implements OnApplicationBootstrap {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const key = { name: NAME, hash: NAME, keptHours: null };
    const caller = { requestId: NAME, actor: null, traceparent: null, key };
    const { position } = await execute(
      this.store,
      {
        caller: { ...caller, namespace: SERVICE_NAMESPACE },
        keys: [key],
        result: {},
        causationId: null,
      },
      () => Promise.all(DEFAULT_PHASES.map((phase) => this.define(phase))),
    );
    await this.followers.passed(position, [phasesProjection.name]);
  }

  private define(phase: (typeof DEFAULT_PHASES)[number]): ReturnType<typeof decideOn> {
    const place = { namespace: SERVICE_NAMESPACE, stream: `phase-${phase.id}` } as const;

    return decideOn(this.store, place, phaseDecider, { phase });
  }
}

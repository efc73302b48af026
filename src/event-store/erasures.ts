import { unavailable, type DomainError } from '#kernel';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventCatalog } from './event-catalog.js';
import { EventStore } from './event-store.js';
import { Followers } from './followers.js';
import { ErasedVersions } from './rebuild/erased-versions.js';

/** The policy after which no text is left in any table. */
export const WHEN_ERASED = 'when-erased';

/** How long whoever erases waits until nothing is left. */
const PATIENCE_MS = 30_000;

/** Sees to it that a text that left the log is nowhere else either. */
@Injectable()
export class Erasures implements OnModuleInit {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly catalog: EventCatalog,
    private readonly versions: ErasedVersions,
  ) {}

  /** By then every room has said which events it writes. */
  onModuleInit(): void {
    const act = async ({ position }: { readonly position: bigint }): Promise<void> => {
      // A version that lives no more was read further than this, then, or is dropped now.
      await this.followers.mustHavePassed(position, this.followers.erasing('projection'));
      await this.versions.forget(position);
    };
    this.followers.react({
      name: WHEN_ERASED,
      erases: true,
      on: Object.fromEntries(this.catalog.erasing().map((type) => [type, act])),
    });
  }

  /**
   * Resolves when what was erased up to `position`, and what is erased because of it, is gone from
   * everything that was read out of the log.
   * @param others policies that have to have acted too
   * @throws DomainError `erasure.under_way` when that takes longer, by itself half a minute
   */
  async done(
    position: bigint,
    others: readonly string[] = [],
    patienceMs = PATIENCE_MS,
  ): Promise<void> {
    const until = performance.now() + patienceMs;
    const left = (): number => Math.max(0, until - performance.now());
    const policies = this.followers.erasing('policy');
    try {
      await this.followers.mustHavePassed(position, [...policies, ...others], left());
      const names = [...policies, ...this.followers.erasing('projection')];
      await this.followers.mustHavePassed(await this.store.head(), names, left());
    } catch {
      throw underWay();
    }
  }
}

const underWay = (): DomainError =>
  unavailable(
    'erasure.under_way',
    'It is erased for good, and not gone from everywhere yet; that goes on by itself.',
  );

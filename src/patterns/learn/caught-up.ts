import { EventStore, Followers } from '#event-store';
import { Injectable } from '@nestjs/common';
import { descriptions } from '../describe/descriptions.projection.js';
import { learnerProjection } from '../read-model/learner.projection.js';

/** Waits for the learner, so that whoever stored something and asks then is told of it. */
@Injectable()
export class CaughtUp {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
  ) {}

  /** As `learned`, and what patterns say of it stands as well. */
  async now(): Promise<bigint> {
    const head = await this.store.head();
    await this.followers.passed(head, [learnerProjection.name, descriptions.name]);

    return this.position();
  }

  /**
   * Resolves when all that is in the log was learned from, and after two seconds at the latest: with
   * the position of the last that was.
   */
  async learned(): Promise<bigint> {
    await this.until(await this.store.head());

    return this.position();
  }

  async until(position: bigint): Promise<void> {
    await this.followers.passed(position, [learnerProjection.name]);
  }

  private position(): bigint {
    const learner = this.followers.states().find(({ name }) => name === learnerProjection.name);
    const learned = learner?.checkpoint ?? 0n;

    // Before its first look it does not know how far it is.
    return learned > 0n ? learned : 0n;
  }
}

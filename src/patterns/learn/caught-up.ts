import { EventStore, Followers } from '#event-store';
import { Injectable } from '@nestjs/common';
import { learnerProjection } from '../read-model/learner.projection.js';
import { suggestions } from '../read-model/suggestions.projection.js';

/** Waits for the learner and what it was good for, so that whoever stored something and asks then is told of it. */
@Injectable()
export class CaughtUp {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
  ) {}

  /**
   * Resolves when all that is in the log was learned from, and after two seconds at the latest: with
   * the position of the last that was.
   */
  async now(): Promise<bigint> {
    await this.until(await this.store.head());
    const learner = this.followers.states().find(({ name }) => name === learnerProjection.name);
    const learned = learner?.checkpoint ?? 0n;

    // Before its first look it does not know how far it is.
    return learned > 0n ? learned : 0n;
  }

  async until(position: bigint): Promise<void> {
    await this.followers.passed(position, [learnerProjection.name, suggestions.name]);
  }
}

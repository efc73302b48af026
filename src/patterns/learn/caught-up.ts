import { EventStore, Followers } from '#event-store';
import { Injectable } from '@nestjs/common';
import { descriptions } from '../read-model/descriptions.projection.js';
import { learnerProjection } from '../read-model/learner.projection.js';
import { suggestions } from '../read-model/suggestions.projection.js';

/** Waits for the learner, so that whoever stored something and asks then is told of it. */
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
  now(): Promise<bigint> {
    return this.allOf([learnerProjection.name]);
  }

  /** The same, and what patterns say stands as well. */
  withWords(): Promise<bigint> {
    return this.allOf([learnerProjection.name, descriptions.name]);
  }

  /** The same, and what became of suggestions is known as well. */
  withOutcomes(): Promise<bigint> {
    return this.allOf([learnerProjection.name, descriptions.name, suggestions.name]);
  }

  async until(position: bigint): Promise<void> {
    await this.followers.passed(position, [learnerProjection.name]);
  }

  private async allOf(names: readonly string[]): Promise<bigint> {
    await this.followers.passed(await this.store.head(), names);
    const learner = this.followers.states().find(({ name }) => name === learnerProjection.name);
    const learned = learner?.checkpoint ?? 0n;

    // Before its first look it does not know how far it is.
    return learned > 0n ? learned : 0n;
  }
}

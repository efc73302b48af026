import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Grant } from '../domain/scopes.js';

const WINDOW_SECONDS = 60;

/** Counts the requests of each key, in this process, in windows of a minute from its first one on. */
@Injectable()
export class RateLimit {
  /** Its own bound is none: each key has another, held against what was counted. */
  private readonly counts = new RateLimiterMemory({ points: 1, duration: WINDOW_SECONDS });

  /** Counts one request; gives 0, or how many seconds to wait when it was too many. */
  async take({ keyId, ratePerMinute }: Grant): Promise<number> {
    if (keyId === null || ratePerMinute === null) return 0;
    const { consumedPoints, msBeforeNext } = await this.counts.penalty(keyId);

    return consumedPoints <= ratePerMinute ? 0 : Math.max(1, Math.ceil(msBeforeNext / 1_000));
  }
}

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Grant } from '../domain/scopes.js';

const FOR_MS = 500;
const AT_MOST = 1_000;

/**
 * What was admitted within the last half second, by the hash of the whole key: who sends another secret
 * finds nothing here, and learns nothing from how long it takes.
 */
@Injectable()
export class RecentKeys {
  private readonly grants = new LRUCache<string, Grant>({ max: AT_MOST, ttl: FOR_MS });

  find(hash: string): Grant | undefined {
    return this.grants.get(hash);
  }

  keep(hash: string, grant: Grant): void {
    this.grants.set(hash, grant);
  }

  /** Some key is not what it was: here it is refused at once, elsewhere within half a second. */
  forgetAll(): void {
    this.grants.clear();
  }
}

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
  private forgotten = 0;

  /** How often all was forgotten so far; to be asked before a key is looked up. */
  get age(): number {
    return this.forgotten;
  }

  find(hash: string): Grant | undefined {
    return this.grants.get(hash);
  }

  /** @param age when the key was looked up: what all was forgotten since may not be so any more */
  keep(hash: string, grant: Grant, age: number): void {
    if (age === this.forgotten) this.grants.set(hash, grant);
  }

  /** Some key is not what it was: here it is refused at once, elsewhere within half a second. */
  forgetAll(): void {
    this.forgotten += 1;
    this.grants.clear();
  }
}

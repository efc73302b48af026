import { Database } from '#database';
import { unavailable, type DomainError, type DomainEvent } from '#kernel';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { enrol } from './checkpoints.js';
import { codeHash } from './code-hash.js';
import { EventCatalog } from './event-catalog.js';
import { FollowerLoop, type FollowerState } from './follower-loop.js';
import type { Follower, Worker } from './follower.js';
import { PolicyFollower } from './policy-follower.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { ProjectionFollower } from './projection-follower.js';
import type { Policy, Projection } from './projection.js';

/** How long a command waits for the row it wrote before it answers anyway. */
const READ_YOUR_WRITE_MS = 2_000;
/** The same for what policies append: it takes commands of their own, one after the other. */
const SETTLED_MS = 5_000;
/** How long somebody waits who may not go on before. */
const LONG_PATIENCE_MS = 30_000;

/** Everybody who follows the log in this process: one loop each. */
@Injectable()
export class Followers
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly followers = new Map<string, Follower>();
  private readonly loops = new Map<string, FollowerLoop>();
  private readonly workers: {
    readonly worker: Worker;
    readonly loop: FollowerLoop;
    readonly after: readonly string[];
  }[] = [];

  constructor(
    private readonly database: Database,
    private readonly store: PostgresEventStore,
    private readonly catalog: EventCatalog,
  ) {}

  project<Event extends DomainEvent, Rows>(projection: Projection<Event, Rows>): void {
    this.add(this.followerOf(projection));
  }

  react<Event extends DomainEvent>(policy: Policy<Event>): void {
    this.add(new PolicyFollower(this.database, this.catalog, policy as unknown as Policy));
  }

  /**
   * One more projection while the others run; the workers called so are woken whenever it has moved.
   * One that is here already goes on as it is.
   */
  async join<Event extends DomainEvent, Rows>(
    projection: Projection<Event, Rows>,
    ...workers: readonly string[]
  ): Promise<void> {
    if (this.loops.has(projection.name)) return;
    const follower = this.followerOf(projection);
    await this.database.as('omoi_projector', (sql) => enrol(sql, follower));
    const loop = new FollowerLoop(follower);
    loop.onMoved(() => {
      for (const name of workers) this.loopOf(name).wake();
    });
    loop.start();
    // Whoever asks whether all are there shall not meet one that has not looked yet.
    await loop.passed(0n, READ_YOUR_WRITE_MS);
    this.followers.set(follower.name, follower);
    this.loops.set(follower.name, loop);
  }

  /** Nobody follows under that name any more; its rows and its checkpoint stay. */
  async leave(name: string): Promise<void> {
    const loop = this.loops.get(name);
    this.followers.delete(name);
    this.loops.delete(name);
    await loop?.stop();
  }

  /** Runs `worker` beside the followers, at once whenever one of those (or workers) has moved. */
  employ(worker: Worker, ...after: readonly string[]): void {
    this.workers.push({ worker, loop: new FollowerLoop(worker), after });
  }

  /** There is work now. */
  wake(worker: Worker): void {
    this.workers.find((employed) => employed.worker === worker)?.loop.wake();
  }

  async onApplicationBootstrap(): Promise<void> {
    this.store.onAppended((news) => {
      for (const [name, follower] of this.followers) this.loops.get(name)?.hear(news, follower);
    });
    for (const { loop, after } of this.workers) {
      for (const name of after) {
        this.loopOf(name).onMoved(() => {
          loop.wake();
        });
      }
    }
    for (const follower of this.followers.values()) {
      for (const name of follower.behind ?? []) {
        this.loopOf(name).onMoved(() => {
          this.loopOf(follower.name).wake();
        });
      }
    }
    await this.database.as('omoi_projector', async (sql) => {
      for (const follower of this.followers.values()) await enrol(sql, follower);
    });
    for (const loop of this.loops.values()) loop.start();
    for (const { loop } of this.workers) loop.start();
  }

  /** Work behind everybody's back ends first, before what it works with is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(
      this.workers.map(({ worker, loop }) => {
        worker.giveUp?.();
        return loop.stop();
      }),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
  }

  /** Resolves when `names` have passed `position`, and after two seconds at the latest. */
  async passed(position: bigint, names: readonly string[]): Promise<void> {
    await this.havePassed(position, names, READ_YOUR_WRITE_MS);
  }

  /**
   * Resolves when `names` have passed `position`.
   * @throws DomainError `log.behind` when they have not after `patienceMs`
   */
  async mustHavePassed(
    position: bigint,
    names: readonly string[],
    patienceMs = LONG_PATIENCE_MS,
  ): Promise<void> {
    if (!(await this.havePassed(position, names, patienceMs))) throw behind();
  }

  /** Those who have to read of an erasure before it is over. */
  erasing(kind: Follower['kind']): string[] {
    return [...this.followers.values()]
      .filter((follower) => follower.kind === kind && follower.erases)
      .map(({ name }) => name);
  }

  /**
   * Resolves when the policies have passed `position`, and after five seconds at the latest: they wait
   * for what they append because of it by themselves. Nobody else is hurried for it.
   */
  async settled(position: bigint): Promise<void> {
    const policies = [...this.followers.values()].filter(({ kind }) => kind === 'policy');
    const names = policies.map(({ name }) => name);
    await this.havePassed(position, names, SETTLED_MS);
  }

  states(): FollowerState[] {
    return [...this.loops.values()].map((loop) => loop.state);
  }

  /** Positions in a second, over the last minute; 0 for nobody. */
  rateOf(name: string): number {
    return this.loops.get(name)?.state.rate ?? 0;
  }

  /** Who is called so here; undefined when nobody is. */
  find(name: string): Follower | undefined {
    return this.followers.get(name);
  }

  /** The projection that is called so; undefined for a policy too. */
  projection(name: string): ProjectionFollower | undefined {
    const found = this.followers.get(name);

    return found instanceof ProjectionFollower && found.kind === 'projection' ? found : undefined;
  }

  private loopOf(name: string): FollowerLoop {
    const worker = this.workers.find((employed) => employed.worker.name === name);
    const found = this.loops.get(name) ?? worker?.loop;
    if (!found) throw new Error(`Nobody here is called ${name}.`);

    return found;
  }

  /** Whether all of `names` have passed `position` by then; those that nobody follows under count as past it. */
  private async havePassed(
    position: bigint,
    names: readonly string[],
    patienceMs: number,
  ): Promise<boolean> {
    const loops = names.map((name) => this.loops.get(name)).filter((loop) => loop !== undefined);
    const passed = await Promise.all(loops.map((loop) => loop.passed(position, patienceMs)));

    return !passed.includes(false);
  }

  private followerOf<Event extends DomainEvent, Rows>(
    projection: Projection<Event, Rows>,
  ): ProjectionFollower {
    const anyone = projection as unknown as Projection;
    const hash = projection.tables.length > 0 ? codeHash(projection.source) : null;

    return new ProjectionFollower(this.database, this.catalog, anyone, hash);
  }

  private add(follower: Follower): void {
    this.followers.set(follower.name, follower);
    this.loops.set(follower.name, new FollowerLoop(follower));
  }
}

const behind = (): DomainError =>
  unavailable('log.behind', 'The log was not read so far yet. Try again in a moment.');

import { Embedder } from '#embedding';
import { decideOn, EventStore, execute, Followers } from '#event-store';
import { Clock } from '#kernel';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { memory } from '../domain/memory.js';
import { vectorsOf } from '../read-model/memory-vectors.projection.js';
import { taskMemories } from '../read-model/task-memories.projection.js';
import { RevokeMemory } from './revoke-memory.command.js';
import type { RevokeMemoryResponse } from './revoke-memory.request.js';

@CommandHandler(RevokeMemory)
export class RevokeMemoryHandler implements ICommandHandler<RevokeMemory> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly clock: Clock,
    private readonly embedder: Embedder,
  ) {}

  async execute({ caller, id, reason }: RevokeMemory): Promise<Answer<RevokeMemoryResponse>> {
    const at = this.clock.now().toISOString();
    const place = { namespace: caller.namespace, stream: `memory-${id}` } as const;
    const { repeated, position } = await execute(
      this.store,
      { caller, keys: caller.key ? [caller.key] : [], result: { id }, causationId: null },
      async () => [await decideOn(this.store, place, memory, { do: 'revoke', id, at, reason })],
    );
    await this.followers.passed(position, [taskMemories.name, vectorsOf(this.embedder.profile)]);

    return { body: { memory_id: id, status: 'revoked' }, repeated };
  }
}

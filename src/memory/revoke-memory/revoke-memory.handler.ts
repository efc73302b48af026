import { EventStore, executeOn, Followers } from '#event-store';
import { Clock } from '#kernel';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { memory, memoryStreamOf } from '../domain/memory.js';
import { memoryKeywords } from '../read-model/memory-keywords.projection.js';
import { Spaces } from '../read-model/spaces.js';
import { taskMemories } from '../read-model/task-memories.projection.js';
import { RevokeMemory } from './revoke-memory.command.js';
import type { RevokeMemoryResponse } from './revoke-memory.request.js';

@CommandHandler(RevokeMemory)
export class RevokeMemoryHandler implements ICommandHandler<RevokeMemory> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly clock: Clock,
    private readonly spaces: Spaces,
  ) {}

  async execute({ caller, id, reason }: RevokeMemory): Promise<Answer<RevokeMemoryResponse>> {
    const at = this.clock.now().toISOString();
    const { repeated, position } = await executeOn(
      this.store,
      { caller, stream: memoryStreamOf(id), result: { id } },
      memory,
      { do: 'revoke', id, at, reason },
    );
    await this.followers.passed(position, [
      taskMemories.name,
      memoryKeywords.name,
      ...this.spaces.projections,
    ]);

    return { body: { memory_id: id, status: 'revoked' }, repeated };
  }
}

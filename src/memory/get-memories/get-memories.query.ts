import type { Caller } from '#kernel';
import type { Page } from '#rest';
import { Query } from '@nestjs/cqrs';
import type { MemoryResponse } from '../read-model/memory.response.js';
import type { ListMemoriesQuery, TaskMemoriesQuery } from './get-memories.request.js';

/** One memory, revoked or not. @throws DomainError `memory.unknown` */
export class GetMemory extends Query<MemoryResponse> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
  ) {
    super();
  }
}

/** Memories, newest first; revoked ones left out. */
export class ListMemories extends Query<Page<MemoryResponse>> {
  constructor(
    readonly caller: Caller,
    readonly asked: ListMemoriesQuery,
  ) {
    super();
  }
}

/** The memories of one task. @throws DomainError `task.unknown` */
export class ListTaskMemories extends Query<Page<MemoryResponse>> {
  constructor(
    readonly caller: Caller,
    readonly taskId: string,
    readonly asked: TaskMemoriesQuery,
  ) {
    super();
  }
}

import { moment } from '#kernel';
import { decodeCursor, pageFrom, type Page } from '#rest';
import { GetTask } from '#tasks';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { unknownMemory } from '../domain/memory.errors.js';
import { MemoryReader } from '../read-model/memory.reader.js';
import type { MemoryResponse } from '../read-model/memory.response.js';
import { GetMemory, ListMemories, ListTaskMemories } from './get-memories.query.js';
import { listMemoriesQuery } from './get-memories.request.js';

const memoryKey = z.tuple([moment(), z.uuid()]);
const memoryId = z.uuid();

@QueryHandler(GetMemory)
export class GetMemoryHandler implements IQueryHandler<GetMemory> {
  constructor(private readonly memories: MemoryReader) {}

  async execute({ caller, id }: GetMemory): Promise<MemoryResponse> {
    const known = memoryId.safeParse(id).success;
    const found = known ? await this.memories.one(caller.namespace, id) : null;
    if (!found) throw unknownMemory(id);

    return found;
  }
}

@QueryHandler(ListMemories)
export class ListMemoriesHandler implements IQueryHandler<ListMemories> {
  constructor(private readonly memories: MemoryReader) {}

  async execute({ caller, asked }: ListMemories): Promise<Page<MemoryResponse>> {
    const { limit, cursor, ...filter } = asked;
    const after = decodeCursor(cursor, memoryKey);
    const rows = await this.memories.list(caller.namespace, filter, after, limit + 1);

    return pageFrom(rows, limit, ({ learned_at, memory_id }) => [learned_at, memory_id]);
  }
}

@QueryHandler(ListTaskMemories)
export class ListTaskMemoriesHandler implements IQueryHandler<ListTaskMemories> {
  constructor(private readonly queries: QueryBus) {}

  async execute({ caller, taskId, asked }: ListTaskMemories): Promise<Page<MemoryResponse>> {
    await this.queries.execute(new GetTask(caller, taskId));
    const everything = listMemoriesQuery.parse({});

    return this.queries.execute(
      new ListMemories(caller, { ...everything, ...asked, task_id: taskId }),
    );
  }
}

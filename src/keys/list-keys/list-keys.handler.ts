import { moment } from '#kernel';
import { decodeCursor, pageFrom, type Page } from '#rest';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { ApiKeyReader } from '../read-model/api-key.reader.js';
import type { ApiKeyResponse } from '../read-model/api-key.response.js';
import { ListKeys } from './list-keys.query.js';

const listKey = z.tuple([moment(), z.uuid()]);

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(private readonly keys: ApiKeyReader) {}

  async execute({ asked: { cursor, limit } }: ListKeys): Promise<Page<ApiKeyResponse>> {
    const rows = await this.keys.list(decodeCursor(cursor, listKey), limit + 1);

    return pageFrom(rows, limit, ({ created_at, key_id }) => [created_at, key_id]);
  }
}

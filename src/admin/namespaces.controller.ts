import type { Caller } from '#kernel';
import { Asked, decodeCursor, pageFrom, pageOf, Refuses, type Page } from '#rest';
import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Dropper } from './drop-namespace/dropper.js';
import {
  listNamespacesQuery,
  namespaceName,
  namespaceResponse,
  type ListNamespacesQuery,
  type NamespaceResponse,
} from './drop-namespace/namespaces.request.js';
import { NamespaceReader } from './read-model/namespace.reader.js';

const nameKey = z.tuple([z.string().max(64)]);

@ApiTags('admin')
@Controller('admin/namespaces')
export class NamespacesController {
  constructor(
    private readonly namespaces: NamespaceReader,
    private readonly dropper: Dropper,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Namespaces that have tasks, by name' })
  @ApiOkResponse({ standardSchema: pageOf(namespaceResponse) })
  async list(
    @Query({ schema: listNamespacesQuery }) { cursor, limit }: ListNamespacesQuery,
  ): Promise<Page<NamespaceResponse>> {
    const [after = ''] = decodeCursor(cursor, nameKey) ?? [];
    const rows = await this.namespaces.list(after, limit + 1);

    return pageFrom(rows, limit, ({ namespace }) => [namespace]);
  }

  @Delete(':namespace')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Drop a namespace: its keys, webhooks, tasks, memories and all other texts',
    description:
      'Erases as `erase` does, in small steps, and answers when nothing is left. When it is interrupted, or answers 503, ask again. Its name can be used anew. Facts without texts stay in the log.',
  })
  @ApiNoContentResponse()
  @Refuses(404)
  drop(
    @Asked() caller: Caller,
    @Param('namespace', { schema: namespaceName }) namespace: string,
  ): Promise<void> {
    return this.dropper.drop(caller, namespace);
  }
}

import { label, moment } from '#kernel';
import { decodeCursor, pageFrom, type Page } from '#rest';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { unknownTask } from '../domain/task.errors.js';
import { TaskReader } from '../read-model/task.reader.js';
import type { TaskResponse } from '../read-model/task.response.js';
import { GetTask, ListTasks } from './get-tasks.query.js';

const taskKey = z.tuple([moment(), label()]);

@QueryHandler(GetTask)
export class GetTaskHandler implements IQueryHandler<GetTask> {
  constructor(private readonly tasks: TaskReader) {}

  async execute({ caller, id }: GetTask): Promise<TaskResponse> {
    const found = await this.tasks.one(caller.namespace, id);
    if (!found) throw unknownTask(id);

    return found;
  }
}

@QueryHandler(ListTasks)
export class ListTasksHandler implements IQueryHandler<ListTasks> {
  constructor(private readonly tasks: TaskReader) {}

  async execute({ caller, asked }: ListTasks): Promise<Page<TaskResponse>> {
    const { limit, cursor, type = null, phase_id = null, status = null } = asked;
    const rows = await this.tasks.list(
      caller.namespace,
      { type, phase_id, status },
      decodeCursor(cursor, taskKey),
      limit + 1,
    );

    return pageFrom(rows, limit, ({ created_at, id }) => [created_at, id]);
  }
}

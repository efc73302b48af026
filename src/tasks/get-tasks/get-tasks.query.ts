import type { Caller } from '#kernel';
import type { Page } from '#rest';
import { Query } from '@nestjs/cqrs';
import type { TaskResponse } from '../read-model/task.response.js';
import type { ListTasksQuery } from './get-tasks.request.js';

/** @throws DomainError `task.unknown` */
export class GetTask extends Query<TaskResponse> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
  ) {
    super();
  }
}

/** Tasks, newest first. */
export class ListTasks extends Query<Page<TaskResponse>> {
  constructor(
    readonly caller: Caller,
    readonly asked: ListTasksQuery,
  ) {
    super();
  }
}

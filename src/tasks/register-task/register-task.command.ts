import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { TaskResponse } from '../read-model/task.response.js';
import type { RegisterTaskRequest } from './register-task.request.js';

/** @throws DomainError `task.already_registered`, `phase.unknown` */
export class RegisterTask extends Command<Answer<TaskResponse>> {
  constructor(
    readonly caller: Caller,
    readonly task: RegisterTaskRequest,
  ) {
    super();
  }
}

import type { Caller, ExecutionFields } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { Outcome } from '../domain/task.js';

/** The task ends so; its execution becomes a memory by policy. @throws DomainError `task.unknown`, `task.finished` */
export class FinishTask extends Command<Answer<{ id: string; status: Outcome }>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly outcome: Outcome,
    readonly execution: ExecutionFields,
  ) {
    super();
  }
}

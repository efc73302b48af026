import type { Caller } from '#kernel';
import { EraseMemory, EraseSubject } from '#memory';
import { DeleteTask } from '#tasks';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { EraseRequest, EraseResponse } from './erase.request.js';

/** Sends what an admin wants erased to the room that it is of. */
@Injectable()
export class Eraser {
  constructor(private readonly commands: CommandBus) {}

  /** Gives how much went. @throws DomainError `memory.unknown`, `task.unknown`, `erasure.under_way` */
  async erase(
    caller: Caller,
    { memory_id, task_id, subject }: EraseRequest,
  ): Promise<EraseResponse> {
    if (subject !== undefined) return this.commands.execute(new EraseSubject(caller, subject));
    if (task_id !== undefined) {
      await this.commands.execute(new DeleteTask(caller, task_id));
      return { memories: 0, tasks: 1, texts: 0 };
    }
    await this.commands.execute(new EraseMemory(caller, memory_id ?? ''));

    return { memories: 1, tasks: 0, texts: 0 };
  }
}

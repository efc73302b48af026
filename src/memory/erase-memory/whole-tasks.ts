import { DomainError, type Caller } from '#kernel';
import { DeleteTask, Tasks } from '#tasks';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Eraser } from './eraser.js';

/** So many tasks at once: the log commits what comes at the same time together. */
const TOGETHER = 20;

/** How much went. */
interface Gone {
  readonly memories: number;
  readonly tasks: number;
}

/** Takes tasks with all their memories. */
@Injectable()
export class WholeTasks {
  constructor(
    private readonly eraser: Eraser,
    private readonly tasks: Tasks,
    private readonly commands: CommandBus,
  ) {}

  /** Somebody else may have been faster. */
  async erase(caller: Caller, id: string): Promise<Gone> {
    const { count } = await this.eraser.eraseOfTask(caller, id);

    return { memories: count, tasks: await this.delete(caller, id) };
  }

  /** All of the caller's namespace, as far as their projection has read. */
  async eraseAll(caller: Caller): Promise<void> {
    for await (const ids of this.tasks.pagesOf(caller.namespace)) {
      for (let at = 0; at < ids.length; at += TOGETHER) {
        await Promise.all(ids.slice(at, at + TOGETHER).map((id) => this.erase(caller, id)));
      }
    }
  }

  private async delete(caller: Caller, id: string): Promise<number> {
    try {
      await this.commands.execute(new DeleteTask(caller, id, false));
      return 1;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'task.unknown') return 0;
      throw error;
    }
  }
}

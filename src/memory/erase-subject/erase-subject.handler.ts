import { Erasures, EventStore, textsOf, type StoredEvent } from '#event-store';
import { Clock, DomainError, newId, type Caller } from '#kernel';
import { DeleteTask } from '#tasks';
import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isSaying, memoriesIn, subjectErased, tasksIn } from '../domain/subject.js';
import { Eraser } from '../erase-memory/eraser.js';
import { WhenTaskFinished } from '../store-execution/when-task-finished.js';
import { EraseSubject, type SubjectWasErased } from './erase-subject.command.js';

/** So many texts are looked at together. */
const PAGE = 200;

/** Whose texts, and up to where in the log. */
interface Whose {
  readonly caller: Caller;
  readonly subject: string;
  readonly until: bigint;
}

@CommandHandler(EraseSubject)
export class EraseSubjectHandler implements ICommandHandler<EraseSubject> {
  constructor(
    private readonly store: EventStore,
    private readonly erasures: Erasures,
    private readonly eraser: Eraser,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, subject }: EraseSubject): Promise<SubjectWasErased> {
    const asked = await this.store.head();
    // What follows from their words is theirs too: the memory of a task that they finished.
    await this.erasures.done(asked, [WhenTaskFinished.called]);
    const until = await this.store.head();
    const erased = { memories: 0, tasks: 0, texts: 0 };
    for await (const page of this.pages({ caller, subject, until })) {
      for (const id of tasksIn(page)) {
        erased.memories += (await this.eraser.eraseOfTask(caller, id)).count;
        erased.tasks += await this.deleteTask(caller, id);
      }
      erased.memories += (await this.eraser.erase(caller, memoriesIn(page))).count;
    }
    // Some of the others went with those.
    for await (const page of this.pages({ caller, subject, until: asked })) {
      await this.forget(caller, page);
      erased.texts += page.filter(isSaying).length;
    }
    await this.erasures.done(await this.store.head());

    return erased;
  }

  private async *pages({ caller, subject, until }: Whose): AsyncGenerator<StoredEvent[]> {
    let after = 0n;
    while (after < until) {
      const page = await this.store.readBy(caller.namespace, subject, after, PAGE);
      const due = page.filter(({ position }) => position <= until);
      if (due.length > 0) yield due;
      after = page.length < PAGE ? until : (page.at(-1)?.position ?? until);
    }
  }

  /** Somebody else may have been faster. */
  private async deleteTask(caller: Caller, id: string): Promise<number> {
    try {
      await this.commands.execute(new DeleteTask(caller, id, false));
      return 1;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'task.unknown') return 0;
      throw error;
    }
  }

  private async forget(caller: Caller, page: readonly StoredEvent[]): Promise<void> {
    const events = [subjectErased(page, this.clock.now().toISOString())];
    await this.store.append({
      caller,
      // The name of the person stands nowhere in it.
      writes: [{ stream: `erasure-${newId()}`, expected: 0, events, forgets: textsOf(page) }],
      keys: [],
      result: {},
      causationId: null,
    });
  }
}

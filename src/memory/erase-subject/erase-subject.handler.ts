import { Erasures, EventStore } from '#event-store';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isSaying, memoriesIn, tasksIn } from '../domain/subject.js';
import { Eraser } from '../erase-memory/eraser.js';
import { Texts } from '../erase-memory/texts.js';
import { WholeTasks } from '../erase-memory/whole-tasks.js';
import { WhenTaskFinished } from '../store-execution/when-task-finished.js';
import { EraseSubject, type SubjectWasErased } from './erase-subject.command.js';

@CommandHandler(EraseSubject)
export class EraseSubjectHandler implements ICommandHandler<EraseSubject> {
  constructor(
    private readonly store: EventStore,
    private readonly erasures: Erasures,
    private readonly eraser: Eraser,
    private readonly whole: WholeTasks,
    private readonly texts: Texts,
  ) {}

  async execute({ caller, subject }: EraseSubject): Promise<SubjectWasErased> {
    const asked = await this.store.head();
    // What follows from their words is theirs too: the memory of a task that they finished.
    await this.erasures.done(asked, [WhenTaskFinished.called]);
    const until = await this.store.head();
    const erased = { memories: 0, tasks: 0, texts: 0 };
    for await (const page of this.texts.pages({ caller, subject, until })) {
      for (const id of tasksIn(page)) {
        const { memories, tasks } = await this.whole.erase(caller, id);
        erased.memories += memories;
        erased.tasks += tasks;
      }
      erased.memories += (await this.eraser.erase(caller, memoriesIn(page))).count;
    }
    // Some of the others went with those.
    for await (const page of this.texts.pages({ caller, subject, until: asked })) {
      await this.texts.forget(caller, page);
      erased.texts += page.filter(isSaying).length;
    }
    await this.erasures.done(await this.store.head());

    return erased;
  }
}

import { EventCatalog, Followers } from '#event-store';
import { PhasesModule } from '#phases';
import { Module } from '@nestjs/common';
import { DeleteTaskHandler } from './delete-task/delete-task.handler.js';
import { taskEvents } from './domain/task.events.js';
import { FinishTaskHandler } from './finish-task/finish-task.handler.js';
import { GetTaskHandler, ListTasksHandler } from './get-tasks/get-tasks.handler.js';
import { MoveTaskHandler } from './move-task/move-task.handler.js';
import { TaskReader } from './read-model/task.reader.js';
import { tasksProjection } from './read-model/tasks.projection.js';
import { RegisterTaskHandler } from './register-task/register-task.handler.js';
import { TasksController } from './tasks.controller.js';
import { Tasks } from './tasks.js';

@Module({
  imports: [PhasesModule],
  controllers: [TasksController],
  providers: [
    Tasks,
    TaskReader,
    RegisterTaskHandler,
    MoveTaskHandler,
    FinishTaskHandler,
    DeleteTaskHandler,
    GetTaskHandler,
    ListTasksHandler,
  ],
  exports: [Tasks],
})
export class TasksModule {
  constructor(catalog: EventCatalog, followers: Followers) {
    catalog.add(taskEvents);
    followers.project(tasksProjection);
  }
}

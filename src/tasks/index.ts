export { DeleteTask } from './delete-task/delete-task.command.js';
export type { TaskDeleted, TaskEvent, TaskFinished } from './domain/task.events.js';
export { GetTask } from './get-tasks/get-tasks.query.js';
export { newTaskFields } from './register-task/register-task.request.js';
export { Tasks, type KnownTask, type TaskStanding } from './tasks.js';
export { TasksModule } from './tasks.module.js';

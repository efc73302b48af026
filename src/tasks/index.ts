export type { TaskEvent, TaskFinished } from './domain/task.events.js';
export { GetTask } from './get-tasks/get-tasks.query.js';
export { newTaskFields } from './register-task/register-task.request.js';
export { Tasks, type KnownTask } from './tasks.js';
export { TasksModule } from './tasks.module.js';

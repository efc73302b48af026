import { label, type Caller } from '#kernel';
import { Asked, pageOf, Refuses, type Answer, type Page } from '#rest';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { DeleteTask } from './delete-task/delete-task.command.js';
import type { Outcome } from './domain/task.js';
import { FinishTask } from './finish-task/finish-task.command.js';
import {
  finishTaskRequest,
  finishTaskResponse,
  type FinishTaskRequest,
} from './finish-task/finish-task.request.js';
import { GetTask, ListTasks } from './get-tasks/get-tasks.query.js';
import { listTasksQuery, type ListTasksQuery } from './get-tasks/get-tasks.request.js';
import { MoveTask } from './move-task/move-task.command.js';
import { moveTaskRequest, moveTaskResponse } from './move-task/move-task.request.js';
import { taskResponse, type TaskResponse } from './read-model/task.response.js';
import { RegisterTask } from './register-task/register-task.command.js';
import {
  registerTaskRequest,
  type RegisterTaskRequest,
} from './register-task/register-task.request.js';

const taskId = label().meta({ example: 'task-200' });

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Register a task' })
  @ApiCreatedResponse({ standardSchema: taskResponse })
  @ApiOkResponse({ standardSchema: taskResponse, description: 'It was registered so before.' })
  @Refuses(409)
  register(
    @Asked() caller: Caller,
    @Body({ schema: registerTaskRequest }) body: RegisterTaskRequest,
  ): Promise<Answer<TaskResponse>> {
    return this.commands.execute(new RegisterTask(caller, body));
  }

  @Get()
  @ApiOperation({ summary: 'Tasks, newest first' })
  @ApiOkResponse({ standardSchema: pageOf(taskResponse) })
  list(
    @Asked() caller: Caller,
    @Query({ schema: listTasksQuery }) query: ListTasksQuery,
  ): Promise<Page<TaskResponse>> {
    return this.queries.execute(new ListTasks(caller, query));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One task' })
  @ApiOkResponse({ standardSchema: taskResponse })
  @Refuses(404)
  one(@Asked() caller: Caller, @Param('id', { schema: taskId }) id: string): Promise<TaskResponse> {
    return this.queries.execute(new GetTask(caller, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a task and erase its memories, everywhere and for good',
    description: 'Its id may be registered anew.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Refuses(404)
  async delete(
    @Asked() caller: Caller,
    @Param('id', { schema: taskId }) id: string,
  ): Promise<void> {
    await this.commands.execute(new DeleteTask(caller, id));
  }

  @Post(':id/transition')
  @HttpCode(200)
  @ApiOperation({ summary: 'Move a task to another phase' })
  @ApiOkResponse({ standardSchema: moveTaskResponse })
  @Refuses(404, 409)
  move(
    @Asked() caller: Caller,
    @Param('id', { schema: taskId }) id: string,
    @Body({ schema: moveTaskRequest }) body: z.output<typeof moveTaskRequest>,
  ): Promise<Answer<z.output<typeof moveTaskResponse>>> {
    return this.commands.execute(new MoveTask(caller, id, body.phase_id));
  }

  @Post(':id/complete')
  @HttpCode(200)
  @ApiOperation({ summary: 'A task ended well; its execution is remembered' })
  @ApiOkResponse({ standardSchema: finishTaskResponse })
  @Refuses(404, 409)
  complete(
    @Asked() caller: Caller,
    @Param('id', { schema: taskId }) id: string,
    @Body({ schema: finishTaskRequest }) body: FinishTaskRequest,
  ): Promise<Answer<{ id: string; status: Outcome }>> {
    return this.commands.execute(new FinishTask(caller, id, 'completed', body));
  }

  @Post(':id/fail')
  @HttpCode(200)
  @ApiOperation({ summary: 'A task failed; its execution is remembered' })
  @ApiOkResponse({ standardSchema: finishTaskResponse })
  @Refuses(404, 409)
  fail(
    @Asked() caller: Caller,
    @Param('id', { schema: taskId }) id: string,
    @Body({ schema: finishTaskRequest }) body: FinishTaskRequest,
  ): Promise<Answer<{ id: string; status: Outcome }>> {
    return this.commands.execute(new FinishTask(caller, id, 'failed', body));
  }
}

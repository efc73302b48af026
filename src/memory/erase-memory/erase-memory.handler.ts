import { Erasures } from '#event-store';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { unknownMemory } from '../domain/memory.errors.js';
import { EraseMemory } from './erase-memory.command.js';
import { Eraser } from './eraser.js';

@CommandHandler(EraseMemory)
export class EraseMemoryHandler implements ICommandHandler<EraseMemory> {
  constructor(
    private readonly eraser: Eraser,
    private readonly erasures: Erasures,
  ) {}

  async execute({ caller, id }: EraseMemory): Promise<void> {
    const { count, position } = await this.eraser.erase(caller, [id]);
    if (count === 0) throw unknownMemory(id);
    await this.erasures.done(position);
  }
}

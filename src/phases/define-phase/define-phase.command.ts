import type { Caller } from '#kernel';
import { Command } from '@nestjs/cqrs';
import type { Phase } from '../domain/phase.events.js';

/** Creates or replaces a phase, whole. */
export class DefinePhase extends Command<Phase> {
  constructor(
    readonly caller: Caller,
    readonly phase: Phase,
  ) {
    super();
  }
}

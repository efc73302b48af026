import { expect } from '@jest/globals';
import { DomainError, fold, type Decider, type DomainEvent } from '../../src/kernel/index.js';

/** What a decider made of a command. */
interface Decided<Event> {
  thenEmits(...events: readonly Event[]): void;
  thenNothing(): void;
  thenRefused(code: string): void;
}

/** `given(memory, …history).when(command).thenEmits(…)`: a domain rule, told as it is spoken. */
export function given<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  ...history: readonly Event[]
): { when(command: Command): Decided<Event> } {
  const state = fold(decider, history);

  return {
    when: (command) => ({
      thenEmits: (...events) => {
        expect(decider.decide(command, state)).toEqual(events);
      },
      thenNothing: () => {
        expect(decider.decide(command, state)).toEqual([]);
      },
      thenRefused: (code) => {
        expect(refusalOf(() => decider.decide(command, state))).toBe(code);
      },
    }),
  };
}

function refusalOf(decide: () => unknown): string {
  try {
    return `nothing: it was granted ${JSON.stringify(decide())}`;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

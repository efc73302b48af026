import { conflict, notFound, type DomainError } from '#kernel';

export const unknownMemory = (id: string): DomainError =>
  notFound('memory.unknown', `There is no memory ${id}.`);

export const erasedMemory = (id: string): DomainError =>
  conflict(
    'memory.erased',
    `The memory ${id} that was stored under this execution_id or Idempotency-Key is erased; send it under another one.`,
  );

export const revokedOtherwise = (id: string): DomainError =>
  conflict('memory.revoked', `The memory ${id} is revoked already, for another reason.`);

export const unknownSuggestion = (id: string): DomainError =>
  notFound('suggestion.unknown', `There is no suggestion ${id}.`);

export const otherOutcome = (id: string): DomainError =>
  conflict(
    'suggestion.outcome_recorded',
    `The outcome of the suggestion ${id} is recorded already, and it is another one.`,
  );

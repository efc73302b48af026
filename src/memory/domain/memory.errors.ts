import { conflict, notFound, ruleBroken, type DomainError } from '#kernel';

export const unknownMemory = (id: string): DomainError =>
  notFound('memory.unknown', `There is no memory ${id}.`);

export const emptySummary = (): DomainError =>
  ruleBroken('memory.empty_summary', 'execution_summary', 'must not be blank');

export const revokedOtherwise = (id: string): DomainError =>
  conflict('memory.revoked', `The memory ${id} is revoked already, for another reason.`);

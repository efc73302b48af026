import { conflict, notFound, type DomainError } from '#kernel';

export const unknownMemory = (id: string): DomainError =>
  notFound('memory.unknown', `There is no memory ${id}.`);

export const revokedOtherwise = (id: string): DomainError =>
  conflict('memory.revoked', `The memory ${id} is revoked already, for another reason.`);

import { notFound, ruleBroken, type DomainError } from '#kernel';

export const unknownPhase = (id: string): DomainError =>
  notFound('phase.unknown', `There is no phase ${id}.`);

/** For a phase that is only mentioned: the request is refused, not the address. */
export const noSuchPhase = (field: string, id: string): DomainError =>
  ruleBroken('phase.unknown', field, `There is no phase ${id}.`);

import { conflict, DomainError, notFound, ruleBroken } from '#kernel';

/** The same answer whatever is wrong, so that nobody learns which keys there are. */
export const notAdmitted = (): DomainError =>
  new DomainError(
    'unauthenticated',
    'auth.no_valid_key',
    'This needs a valid API key, as Authorization: Bearer <key>.',
  );

export const tooOften = (perMinute: number): DomainError =>
  new DomainError(
    'too-often',
    'auth.too_many_requests',
    `This key may ask ${String(perMinute)} times a minute; Retry-After says when it may again.`,
  );

export const unknownKey = (id: string): DomainError =>
  notFound('api_key.unknown', `There is no API key ${id}.`);

export const revokedKey = (id: string): DomainError =>
  conflict('api_key.revoked', `The API key ${id} is revoked, and stays so.`);

export const bornExpired = (): DomainError =>
  ruleBroken('api_key.born_expired', 'expires_at', 'must be in the future');

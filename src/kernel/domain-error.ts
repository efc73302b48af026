/** What kind of no: the HTTP filter turns it into a status, once. */
export type Refusal =
  | 'unreadable'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'rule-broken'
  | 'too-often'
  | 'overloaded'
  | 'unavailable';

/** One field of a request that was read and refused, with the reason in words. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/**
 * A no that is said on purpose. `code` is stable (`memory.empty_summary`); `message` is a sentence
 * for people and never quotes a stored text.
 */
export class DomainError extends Error {
  constructor(
    readonly kind: Refusal,
    readonly code: string,
    message: string,
    readonly fields: readonly FieldError[] = [],
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

export const notFound = (code: string, message: string): DomainError =>
  new DomainError('not-found', code, message);

export const conflict = (code: string, message: string): DomainError =>
  new DomainError('conflict', code, message);

/** A request that was understood and cannot be granted; `field` names what is wrong with it. */
export const ruleBroken = (code: string, field: string, message: string): DomainError =>
  new DomainError('rule-broken', code, `${field}: ${message}`, [{ field, message }]);

/** Something this service needs does not answer now; asking again later may help. */
export const unavailable = (code: string, message: string): DomainError =>
  new DomainError('unavailable', code, message);

/** More work than can be taken on now; asking again later helps. */
export const overloaded = (code: string, message: string): DomainError =>
  new DomainError('overloaded', code, message);

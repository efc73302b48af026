import { DomainError, isNamespace, newId } from '#kernel';
import { type Grant } from '#keys';
import { introduce } from '#rest';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type NextFunction, type Request, type Response } from 'express';
import { grantOf } from './admission.js';

const PRINTABLE = /^[\x20-\x7e]{1,200}$/;
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Names the request: as the client did, when it can be quoted safely; the answer says it too. */
export function nameRequest(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
  response.setHeader('X-Request-Id', id);

  return id;
}

/** The name that `nameRequest` gave. */
export const idOf = (request: IncomingMessage): string => request.id as string;

/**
 * Holds the headers against their rules and remembers who asks; 400 for a header out of form. From
 * then on the request's lines in the log say its namespace.
 */
export function readIntroduction(request: Request, _response: Response, next: NextFunction): void {
  const grant = grantOf(request);
  const namespace = grant?.namespace ?? namespaceSaid(request);
  request.log.setBindings({ namespace });
  introduce(request, {
    namespace,
    requestId: idOf(request),
    actor: printable(request, 'X-Actor', 'actor') ?? nameOf(grant),
    idempotencyKey: printable(request, 'Idempotency-Key', 'idempotency_key'),
    traceparent: wellFormed(request.get('traceparent'), TRACEPARENT),
  });
  next();
}

function namespaceSaid(request: Request): string {
  const namespace = request.get('X-Namespace') ?? 'default';
  if (!isNamespace(namespace)) {
    throw badHeader('namespace', 'X-Namespace must be 1 to 64 of the characters A-Z a-z 0-9 . _ -');
  }

  return namespace;
}

/** Who asks by the key, where no header says it. */
const nameOf = (grant: Grant | undefined): string | null =>
  grant ? `key:${grant.keyId ?? 'admin'}` : null;

function printable(request: Request, header: string, name: string): string | null {
  const value = request.get(header);
  if (value !== undefined && !PRINTABLE.test(value)) {
    throw badHeader(name, `${header} must be 1 to 200 printable ASCII characters`);
  }

  return value ?? null;
}

/** A trace that cannot be followed is passed over, as its specification wants. */
const wellFormed = (value: string | undefined, form: RegExp): string | null =>
  value !== undefined && form.test(value) ? value : null;

const badHeader = (name: string, sentence: string): DomainError =>
  new DomainError('unreadable', `request.bad_${name}`, `The header ${sentence}.`);

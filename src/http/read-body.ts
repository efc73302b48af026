import { DomainError } from '#kernel';
import { NdJson } from '#rest';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { pastBounds, type JsonBounds } from './nesting.js';

const MIB = 1024 * 1024;
/** A body of 1 MiB cannot have so many members; one of 32 MiB could, and would take seconds. */
const BOUNDS: JsonBounds = { depth: 64, members: 1_000_000 };
const BATCH = /^\/api\/v1\/memory\/store\/batch\/?$/i;
const JSON_TYPES = ['application/json', '+json'];
const LINES = 'application/x-ndjson';

const readOne: RequestHandler = express.raw({ type: () => true, limit: MIB });
const readMany: RequestHandler = express.raw({ type: () => true, limit: 32 * MIB });

/**
 * Reads a body: JSON of at most 1 MiB; for batches 32 MiB, and newline-delimited JSON too, each of
 * whose lines is refused alone. Without a body, `undefined`.
 */
export function readBody(request: Request, response: Response, next: NextFunction): void {
  const isBatch = BATCH.test(request.path);
  if (!isReadable(request, isBatch ? [...JSON_TYPES, LINES] : JSON_TYPES)) {
    throw new UnsupportedMediaTypeException();
  }

  const read = isBatch ? readMany : readOne;
  void read(request, response, (error?: unknown) => {
    next(error ?? understand(request));
  });
}

function isReadable(request: Request, types: string[]): boolean {
  const isEmpty = request.get('Content-Length') === '0';

  return isEmpty || request.is(types) !== false;
}

/** Puts what the bytes mean in the place of the bytes, or gives the reason why it cannot. */
function understand(request: Request): DomainError | undefined {
  const bytes = request.body as Buffer | undefined;
  try {
    request.body = meaningOf(bytes, request.is(LINES) !== false);
    return undefined;
  } catch (error) {
    return error instanceof DomainError ? error : unreadableJson();
  }
}

function meaningOf(bytes: Buffer | undefined, isLines: boolean): unknown {
  if (bytes === undefined || bytes.length === 0) return undefined;
  if (isLines) return new NdJson(textOf(bytes));
  const past = pastBounds(BOUNDS, bytes);
  if (past === 'depth') throw tooDeep();
  if (past === 'members') throw tooManyMembers();

  return JSON.parse(textOf(bytes));
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DomainError('unreadable', 'request.not_utf8', 'The body is not valid UTF-8.');
  }
}

const unreadableJson = (): DomainError =>
  new DomainError('unreadable', 'request.unreadable_json', 'The body is not valid JSON.');

const tooDeep = (): DomainError =>
  new DomainError('rule-broken', 'request.too_deep', 'The body nests too deep.', [
    { field: 'body', message: `must not nest deeper than ${String(BOUNDS.depth)} levels` },
  ]);

const tooManyMembers = (): DomainError =>
  new DomainError('rule-broken', 'request.too_many_members', 'The body has too many members.', [
    { field: 'body', message: `must have fewer than ${String(BOUNDS.members)} members` },
  ]);

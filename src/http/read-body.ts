import { DomainError } from '#kernel';
import { NdJson } from '#rest';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { nestsDeeperThan } from './nesting.js';

const MIB = 1024 * 1024;
const MAX_DEPTH = 64;
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
  if (nestsDeeperThan(MAX_DEPTH, bytes)) throw tooDeep();

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
    { field: 'body', message: `must not nest deeper than ${MAX_DEPTH} levels` },
  ]);

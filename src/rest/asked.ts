import { canonicalJson, sha256, type Caller, type CommandKey } from '#kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';

const KEPT_HOURS = 24;

/** What the headers say about who asks; known before the route and the body are. */
export interface Introduction extends Omit<Caller, 'key'> {
  readonly idempotencyKey: string | null;
}

const introductions = new WeakMap<Request, Introduction>();

/** Remembers who asks in this request, for `@Asked()` to pick up. */
export function introduce(request: Request, introduction: Introduction): void {
  introductions.set(request, introduction);
}

/** The caller of a request that was introduced, its route matched and its body read. */
function callerOf(request: Request): Caller {
  const introduction = introductions.get(request);
  if (introduction === undefined) throw new Error('This request was never introduced.');

  const { idempotencyKey, ...who } = introduction;

  return { ...who, key: idempotencyKey === null ? null : commandKey(request, idempotencyKey) };
}

/** Gives a handler the `Caller` of its request, with the command key when it is a POST. */
export const Asked = createParamDecorator((_data: undefined, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<Request>()),
);

function commandKey(request: Request, idempotencyKey: string): CommandKey | null {
  if (request.method !== 'POST') return null;

  const { path: pattern } = request.route as { path: string };
  const asked = [request.method, request.path, canonicalJson(request.body ?? null)];

  return {
    name: `http:${pattern}:${idempotencyKey}`,
    hash: sha256(asked.join('\n')),
    keptHours: KEPT_HOURS,
  };
}

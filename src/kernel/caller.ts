import { DomainError } from './domain-error.js';
import { newId } from './id.js';

/** Who asks, from which tenant, and in which request. Every command and query carries it. */
export interface Caller {
  readonly namespace: string;
  readonly requestId: string;
  /** Who says so: the `X-Actor` header, else the API key as `key:<key_id>`. */
  readonly actor: string | null;
  readonly traceparent: string | null;
  /** The client's `Idempotency-Key` for this very request, when it sent one. */
  readonly key: CommandKey | null;
}

/** A name under which a command takes effect once, and what it was asked to do under that name. */
export interface CommandKey {
  /** `http:…`, `execution:…`, `batch:…` or `policy:…`, so that no header can pass for a policy. */
  readonly name: string;
  /** sha256 of method, path and canonical body, hex. */
  readonly hash: string;
  /** How long it is remembered, in hours; `null` for ever. */
  readonly keptHours: number | null;
}

/** The namespace of what belongs to the service and no tenant; no header can spell it. */
export const SERVICE_NAMESPACE = '$service';

const NAMESPACE = /^[A-Za-z0-9._-]{1,64}$/;

/** Whether a tenant can have that name. */
export const isNamespace = (name: string): boolean => NAMESPACE.test(name);

/** This process itself, asking for a tenant. @throws DomainError `request.bad_namespace` */
export function ownCaller(namespace: string): Caller {
  if (!isNamespace(namespace)) {
    throw new DomainError(
      'unreadable',
      'request.bad_namespace',
      'A namespace must be 1 to 64 of the characters A-Z a-z 0-9 . _ -',
    );
  }

  return { namespace, requestId: newId(), actor: null, traceparent: null, key: null };
}

import { DomainError } from '#kernel';

/** What a key may do: ask, change, look after. None of them holds another. */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a route asks of a key. */
export interface Need {
  readonly scope: Scope;
  /** Whether it concerns more than one namespace, or reaches beyond it: a key of one is not enough. */
  readonly ofService: boolean;
}

/** What a key that was accepted is good for. */
export interface Grant {
  /** Null: the key of the settings. */
  readonly keyId: string | null;
  /** The only namespace it is good for; null: a key of the service, whose requests name theirs. */
  readonly namespace: string | null;
  readonly scopes: readonly Scope[];
  /** Requests; null: as many as they like. */
  readonly ratePerMinute: number | null;
}

const OPEN = '/health/';
const ADMIN = '/api/v1/admin/';
/** Those of the admin's routes that see and change the caller's namespace alone. */
const OF_ONE_NAMESPACE = /^\/api\/v1\/admin\/(erase|events|null-test|webhooks)(\/|$)/;
/** It has the service post to an address that may be one of its own network. */
const NEW_WEBHOOK = /^\/api\/v1\/admin\/webhooks$/;
/** Phases belong to the service, and changing them is an admin's. */
const PHASES = /^\/api\/v1\/phases(\/|$)/;
/** They only ask, with a body because it may be long. */
const QUESTIONS = /\/(search|predict)$/;

/**
 * What a route asks of a key; null when none is needed. A new admin's route needs a key of the service,
 * and what does not read writes, until it says otherwise here.
 * @param route its pattern as it was registered, such as `/api/v1/tasks/:id`
 */
export function needOf(method: string, route: string): Need | null {
  if (route.startsWith(OPEN)) return null;
  if (route.startsWith(ADMIN))
    return { scope: 'admin', ofService: !isOfOneNamespace(method, route) };
  const isQuestion = method === 'GET' || method === 'HEAD' || QUESTIONS.test(route);
  if (PHASES.test(route) && !isQuestion) return { scope: 'admin', ofService: true };

  return { scope: isQuestion ? 'read' : 'write', ofService: false };
}

const isOfOneNamespace = (method: string, route: string): boolean =>
  OF_ONE_NAMESPACE.test(route) && !(method === 'POST' && NEW_WEBHOOK.test(route));

/** @throws DomainError `auth.missing_scope`, `auth.not_of_the_service` */
export function mustBeGranted({ scope, ofService }: Need, grant: Grant): void {
  if (!grant.scopes.includes(scope)) {
    throw new DomainError(
      'forbidden',
      'auth.missing_scope',
      `This needs the scope ${scope}, which this key does not have.`,
    );
  }
  if (ofService && grant.namespace !== null) {
    throw new DomainError(
      'forbidden',
      'auth.not_of_the_service',
      'This concerns more than one namespace, or reaches beyond it: it needs a key of the service.',
    );
  }
}

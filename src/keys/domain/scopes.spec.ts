import type { DomainError } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import { mustBeGranted, needOf, type Grant, type Need } from './scopes.js';

const RETRY = '/api/v1/admin/webhooks/:webhook_id/dead-letters/:notification_id/retry';

const grant = (said: Partial<Grant>): Grant => ({
  keyId: 'k',
  namespace: null,
  scopes: [],
  ratePerMinute: null,
  ...said,
});

const refusal = (need: Need, said: Partial<Grant>): string | null => {
  try {
    mustBeGranted(need, grant(said));
    return null;
  } catch (error) {
    return (error as DomainError).code;
  }
};

describe('A route needs', () => {
  it.each([
    ['GET', '/health/live', null, false],
    ['GET', '/health/ready', null, false],
    ['GET', '/api/v1/tasks', 'read', false],
    ['HEAD', '/api/v1/tasks/:id', 'read', false],
    ['GET', '/api/v1/memory/tasks/:id/context', 'read', false],
    ['POST', '/api/v1/memory/search', 'read', false],
    ['POST', '/api/v1/memory/predict', 'read', false],
    ['GET', '/api/v1/events/stream', 'read', false],
    ['POST', '/api/v1/memory/store', 'write', false],
    ['DELETE', '/api/v1/tasks/:id', 'write', false],
    ['PATCH', '/api/v1/something/new', 'write', false],
    ['GET', '/api/v1/phases', 'read', false],
    ['PUT', '/api/v1/phases/:id', 'admin', true],
    ['POST', '/api/v1/admin/erase', 'admin', false],
    ['GET', '/api/v1/admin/events', 'admin', false],
    ['POST', '/api/v1/admin/null-test', 'admin', false],
    ['GET', '/api/v1/admin/webhooks/:webhook_id/dead-letters', 'admin', false],
    ['GET', '/api/v1/admin/webhooks', 'admin', false],
    ['DELETE', '/api/v1/admin/webhooks/:webhook_id', 'admin', false],
    ['POST', '/api/v1/admin/webhooks', 'admin', true],
    ['POST', RETRY, 'admin', false],
    ['GET', '/api/v1/admin/projections', 'admin', true],
    ['POST', '/api/v1/admin/rebuilds/:rebuild_id/swap', 'admin', true],
    ['GET', '/api/v1/admin/doctor', 'admin', true],
    ['GET', '/api/v1/admin/dead-letters', 'admin', true],
    ['POST', '/api/v1/admin/api-keys', 'admin', true],
    ['DELETE', '/api/v1/admin/namespaces/:namespace', 'admin', true],
    ['GET', '/api/v1/admin/events-of-everybody', 'admin', true],
    ['POST', '/api/v1/admin/something/search', 'admin', true],
  ])('%s %s: %s', (method, route, scope, ofService) => {
    expect(needOf(method, route)).toEqual(scope === null ? null : { scope, ofService });
  });
});

describe('A key is refused', () => {
  it('what none of its scopes allows', () => {
    const need = { scope: 'write', ofService: false } as const;

    expect(refusal(need, { scopes: ['read', 'admin'] })).toBe('auth.missing_scope');
    expect(refusal(need, { scopes: ['write'] })).toBeNull();
  });

  it('what concerns the service, when it is of a namespace', () => {
    const need = { scope: 'admin', ofService: true } as const;

    expect(refusal(need, { scopes: ['admin'], namespace: 'a' })).toBe('auth.not_of_the_service');
    expect(refusal(need, { scopes: ['admin'] })).toBeNull();
    expect(refusal(need, { scopes: ['read'], namespace: 'a' })).toBe('auth.missing_scope');
  });
});

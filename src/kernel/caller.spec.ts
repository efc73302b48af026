import { describe, expect, it } from '@jest/globals';
import { isNamespace, ownCaller, SERVICE_NAMESPACE } from './caller.js';
import { DomainError } from './domain-error.js';

const NO_NAMESPACE = [
  '',
  ' ',
  'a b',
  'a/b',
  'a\n',
  'é',
  '😀',
  'a\u0000',
  'a'.repeat(65),
  SERVICE_NAMESPACE,
];

const refusalOf = (namespace: string): unknown => {
  try {
    return ownCaller(namespace);
  } catch (error) {
    return error;
  }
};

describe('A namespace', () => {
  it.each(['default', 'a', '0', 'Team.One_2-x', 'a'.repeat(64)])('may be called %j', (name) => {
    expect(isNamespace(name)).toBe(true);
  });

  it.each(NO_NAMESPACE)('cannot be called %j', (name) => {
    expect(isNamespace(name)).toBe(false);
  });
});

describe('The own caller', () => {
  it('asks for a tenant, as nobody in particular and in a request of its own', () => {
    const caller = ownCaller('team-1');

    expect(caller).toEqual({
      namespace: 'team-1',
      requestId: caller.requestId,
      actor: null,
      traceparent: null,
      key: null,
    });
    expect(ownCaller('team-1').requestId).not.toBe(caller.requestId);
  });

  it.each(NO_NAMESPACE)('is refused for the tenant %j', (name) => {
    const refusal = refusalOf(name);

    expect(refusal).toBeInstanceOf(DomainError);
    expect(refusal).toMatchObject({ kind: 'unreadable', code: 'request.bad_namespace' });
  });
});

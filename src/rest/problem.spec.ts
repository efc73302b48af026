import { conflict, DomainError, notFound, overloaded, ruleBroken, unavailable } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import { problemOf, problemSchema } from './problem.js';

describe('A problem', () => {
  it('says what is wrong with which field', () => {
    const problem = problemOf(ruleBroken('memory.empty', 'summary', 'must not be blank'), 'r-1');

    expect(problem).toEqual({
      type: 'urn:omoi:problem:memory.empty',
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'summary: must not be blank',
      code: 'memory.empty',
      errors: [{ field: 'summary', message: 'must not be blank' }],
      request_id: 'r-1',
    });
    expect(problemSchema.parse(problem)).toEqual(problem);
  });

  it.each([
    [new DomainError('unreadable', 'a.b', 'No.'), 400],
    [notFound('a.b', 'No.'), 404],
    [conflict('a.b', 'No.'), 409],
    [overloaded('a.b', 'No.'), 503],
    [unavailable('a.b', 'No.'), 503],
  ])('of %s has the status %i, and no errors', (error, status) => {
    expect(problemOf(error, 'r')).toMatchObject({ status });
    expect(problemOf(error, 'r')).not.toHaveProperty('errors');
  });
});

import { conflict, DomainError, notFound, ruleBroken } from '#kernel';

export const unknownPattern = (id: string): DomainError =>
  notFound('pattern.unknown', `There is no pattern ${id}.`);

export const patternRetired = (id: string): DomainError =>
  conflict('pattern.retired', `The pattern ${id} is retired; restore it first.`);

export const badRegex = (reason: string): DomainError =>
  ruleBroken(
    'pattern.bad_regex',
    'task_type_pattern',
    `is not a regex that can be used: ${reason}`,
  );

export const insufficientSamples = (needed: number): DomainError =>
  new DomainError(
    'unreadable',
    'pattern.insufficient_samples',
    `Insufficient samples (need ${String(needed)})`,
    [{ field: 'min_samples', message: `fewer than ${String(needed)} distinct tasks match` }],
  );

export const tooManyExtracted = (most: number): DomainError =>
  conflict('pattern.too_many', `There are ${String(most)} extracted patterns, and that is most.`);

export const tooSlow = (): DomainError =>
  ruleBroken(
    'pattern.too_slow',
    'task_type_pattern',
    'takes too long over what is stored here; a simpler regex does not',
  );

export const nullTestRuns = (): DomainError =>
  conflict('null_test.running', 'A null test is running; one runs at a time.');

export const tooManyExecutions = (most: number, shuffles: number): DomainError =>
  ruleBroken(
    'null_test.too_many_executions',
    'shuffles',
    `with ${String(shuffles)} of each, ${String(most)} executions and revocations are most, and this namespace has more`,
  );

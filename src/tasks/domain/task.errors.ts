import { conflict, notFound, type DomainError } from '#kernel';

export const unknownTask = (id: string): DomainError =>
  notFound('task.unknown', `There is no task ${id}.`);

export const taskIsDeleted = (id: string): DomainError =>
  conflict(
    'task.deleted',
    `The task ${id} that this Idempotency-Key registered is deleted; send another key.`,
  );

export const otherTask = (id: string): DomainError =>
  conflict('task.already_registered', `The task ${id} is registered with another content.`);

export const taskIsFinished = (id: string, status: string): DomainError =>
  conflict('task.finished', `The task ${id} is ${status}.`);

export const transitionNotAllowed = (from: string, to: string): DomainError =>
  conflict('task.transition_not_allowed', `A task cannot go from ${from} to ${to}.`);

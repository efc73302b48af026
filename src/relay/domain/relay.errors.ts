import { conflict, notFound, ruleBroken, type DomainError } from '#kernel';

export const MOST_WEBHOOKS = 20;

export const unknownWebhook = (id: string): DomainError =>
  notFound('webhook.unknown', `There is no webhook ${id}.`);

export const tooManyWebhooks = (): DomainError =>
  ruleBroken(
    'webhook.too_many',
    'url',
    `there are ${String(MOST_WEBHOOKS)} webhooks already, and no more are taken`,
  );

export const unknownLetter = (id: string): DomainError =>
  notFound('dead_letter.unknown', `There is no dead letter of the notification ${id}.`);

export const failedAgain = (error: string): DomainError =>
  conflict('dead_letter.failed_again', `It failed again: ${error}`);

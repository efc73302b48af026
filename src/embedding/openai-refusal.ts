import { unavailable, type DomainError } from '#kernel';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';

const STATUS: Readonly<Record<number, string>> = {
  401: 'refuses the key (401): check OPENAI_API_KEY',
  403: 'does not allow this key to do this (403): check OPENAI_API_KEY',
  404: 'has no such model or address (404): check EMBEDDING_MODEL and OPENAI_BASE_URL',
  429: 'takes no more texts from this key for now (429)',
};

/** What went wrong, in our words: the server's may quote the key or the text. */
export function refusal(error: unknown): DomainError {
  if (error instanceof APIConnectionTimeoutError) {
    return unavailable('embedding.timed_out', 'The embedding server took too long to answer.');
  }

  return unavailable('embedding.failed', `The embedding server ${reason(error)}.`);
}

function reason(error: unknown): string {
  if (error instanceof APIConnectionError) return 'cannot be reached: check OPENAI_BASE_URL';
  if (!(error instanceof APIError)) return 'gave an answer that is not a list of embeddings';
  const status = Number(error.status);

  return STATUS[status] ?? `answered with an error (${String(status)})`;
}

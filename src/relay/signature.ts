import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const NEW_BYTES = 32;
const FORM = /^whsec_[A-Za-z0-9+/]+={0,2}$/;

/** What is needed to sign as the Standard Webhooks do: `whsec_` and 24 to 64 bytes in base64. */
export const newSecret = (): string => PREFIX + randomBytes(NEW_BYTES).toString('base64');

export function isSecret(value: string): boolean {
  const { length } = keyOf(value);

  return FORM.test(value) && length >= 24 && length <= 64;
}

/**
 * The header `webhook-signature` over a message.
 * @param timestamp in whole seconds since 1970, as in `webhook-timestamp`
 * @see https://www.standardwebhooks.com
 */
export function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  const signed = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);

  return `v1,${signed.digest('base64')}`;
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');

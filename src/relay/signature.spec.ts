import { SystemClock } from '#kernel';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { isSecret, newSecret, signatureOf } from './signature.js';

describe('A signature', () => {
  it('is that of the Standard Webhooks', () => {
    // The example of their documentation.
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body = '{"test": 2432232314}';

    expect(signatureOf(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', '1614265330', body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });
});

describe('A secret', () => {
  it('is made new each time, and accepted', () => {
    const [one, other] = [newSecret(), newSecret()];

    expect(one).not.toBe(other);
    expect([one, other].every(isSecret)).toBe(true);
  });

  it.each([
    ['short', `whsec_${Buffer.alloc(23).toString('base64')}`, false],
    ['just long enough', `whsec_${Buffer.alloc(24).toString('base64')}`, true],
    ['as long as can be', `whsec_${Buffer.alloc(64).toString('base64')}`, true],
    ['long', `whsec_${Buffer.alloc(65).toString('base64')}`, false],
    ['of another form', Buffer.alloc(32).toString('base64'), false],
    ['not base64', `whsec_${'!'.repeat(40)}`, false],
  ])('that is %s is held against the rule', (_how, secret, expected) => {
    expect(isSecret(secret)).toBe(expected);
  });
});

describe('The check in the documentation', () => {
  it('takes what is genuine, and nothing else', async () => {
    const page = await readFile('docs/notifications.md', 'utf8');
    const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
    const { isGenuine } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      isGenuine: (headers: object, body: string, secret: string) => boolean;
    };
    const secret = newSecret();
    const time = String(Math.floor(new SystemClock().now().getTime() / 1_000));
    const headersAt = (timestamp: string): object => ({
      'webhook-id': 'an-id',
      'webhook-timestamp': timestamp,
      'webhook-signature': signatureOf(secret, 'an-id', timestamp, 'äh'),
    });

    expect(isGenuine(headersAt(time), 'äh', secret)).toBe(true);
    expect(isGenuine(headersAt(time), 'ah', secret)).toBe(false);
    expect(isGenuine(headersAt(time), 'äh', newSecret())).toBe(false);
    expect(isGenuine(headersAt(String(Number(time) - 400)), 'äh', secret)).toBe(false);
  });
});

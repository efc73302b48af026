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

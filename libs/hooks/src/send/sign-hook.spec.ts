import { createHmac } from 'node:crypto';
import { secretText, signHook } from './sign-hook.js';

describe('signHook', () => {
  const vector = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1614265330,
    body: '{"test": 2432232314}',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  };

  it('signs the test vector of Standard Webhooks', () => {
    expect(signHook(vector)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('signs once with each secret, in their order', () => {
    const other = secretText(Buffer.alloc(32, 7));
    const [first, second] = signHook({ ...vector, secrets: [other, ...vector.secrets] })['webhook-signature'].split(
      ' ',
    );
    expect(first).toBe(signHook({ ...vector, secrets: [other] })['webhook-signature']);
    expect(second).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('signs the UTF-8 bytes of any text', () => {
    const key = Buffer.alloc(32, 1);
    const body = JSON.stringify({ prompt: 'a 🐈 \u2028 \ud800' });
    const bytes = Buffer.concat([Buffer.from('msg_1_2.5.'), Buffer.from(body, 'utf8')]);
    const expected = createHmac('sha256', key).update(bytes).digest('base64');
    const signed = signHook({ id: 'msg_1_2', timestamp: 5, body, secrets: [secretText(key)] });
    expect(signed['webhook-signature']).toBe(`v1,${expected}`);
  });
});

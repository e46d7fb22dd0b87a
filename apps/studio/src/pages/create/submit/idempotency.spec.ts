/** @jest-environment jsdom */
import { fingerprint, forgetKey, keyFor } from './idempotency.ts';

describe('the Idempotency-Key of a request', () => {
  beforeEach(forgetKey);

  it('stays the same until an answer has come', () => {
    const key = keyFor('a fox');
    expect(keyFor('a fox')).toBe(key);
    forgetKey();
    expect(keyFor('a fox')).not.toBe(key);
  });

  it('is another one for other content', () => {
    expect(keyFor('a fox')).not.toBe(keyFor('an owl'));
  });

  it('tells contents of the same length apart', () => {
    const prints = Array.from({ length: 2_000 }, (_, at) => fingerprint(`a fox ${1_000 + at}`));
    expect(new Set(prints).size).toBe(prints.length);
  });
});

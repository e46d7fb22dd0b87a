import { sendTimeoutMs } from './command.js';

describe('the longest send', () => {
  it('is the setting, but at least a minute for work that is done before the answer', () => {
    expect(sendTimeoutMs('imagine', 30_000)).toBe(30_000);
    expect(sendTimeoutMs('upload', 30_000)).toBe(60_000);
    expect(sendTimeoutMs('swap', 700)).toBe(60_000);
    expect(sendTimeoutMs('upload', 90_000)).toBe(90_000);
  });
});

import { sleep } from './sleep.js';

describe('sleep', () => {
  it('tells whether all of the time has passed', async () => {
    expect(await sleep(1, new AbortController().signal)).toBe(true);
  });

  it('ends with the signal, and does not begin once that is aborted', async () => {
    const controller = new AbortController();
    const slept = sleep(3_600_000, controller.signal, { ref: false });
    controller.abort();
    expect(await slept).toBe(false);
    expect(await sleep(3_600_000, controller.signal)).toBe(false);
  });
});

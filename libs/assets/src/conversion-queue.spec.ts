import { ConversionQueue } from './conversion-queue.js';

/** Work that ends when it is told to. */
function gate(): {
  work: () => Promise<string>;
  open: (result: string) => void;
  fail: () => void;
  begun: () => boolean;
} {
  let settle: { open: (result: string) => void; fail: () => void } | null = null;
  let begun = false;
  const done = new Promise<string>((resolve, reject) => {
    settle = { open: resolve, fail: () => reject(new Error('broken')) };
  });
  const work = (): Promise<string> => {
    begun = true;
    return done;
  };
  return { work, open: (result) => settle?.open(result), fail: () => settle?.fail(), begun: () => begun };
}

describe('ConversionQueue', () => {
  it('runs a few, lets a few wait, refuses the rest', async () => {
    const queue = new ConversionQueue(2, 1);
    const gates = [gate(), gate(), gate(), gate()];
    const [first, second, third, fourth] = gates.map(({ work }) => queue.run(work));
    expect(await fourth).toBeNull();
    expect(gates.map(({ begun }) => begun())).toEqual([true, true, false, false]);
    gates[0].open('a');
    expect(await first).toBe('a');
    gates[2].open('c');
    expect(await third).toBe('c');
    gates[1].open('b');
    expect(await second).toBe('b');
  });

  it('gives a place back when work fails', async () => {
    const queue = new ConversionQueue(1, 1);
    const broken = gate();
    const failing = queue.run(broken.work);
    const next = queue.run(() => Promise.resolve('next'));
    broken.fail();
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('next');
    expect(await queue.run(() => Promise.resolve('after'))).toBe('after');
  });
});

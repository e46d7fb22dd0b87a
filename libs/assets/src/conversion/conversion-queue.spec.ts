import { ConversionQueue, type QueueLimits } from './conversion-queue.js';

const queueOf = (limits: Partial<QueueLimits>): ConversionQueue =>
  new ConversionQueue({ running: 1, waiting: 8, waitingOfOne: 8, waitMs: 60_000, ...limits });

/** Work that ends when the test ends it. */
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
    const queue = queueOf({ running: 2, waiting: 1 });
    const gates = [gate(), gate(), gate(), gate()];
    const [first, second, third, fourth] = gates.map(({ work }) => queue.run('a', work));
    expect(await fourth).toBeNull();
    expect(gates.map(({ begun }) => begun())).toEqual([true, true, false, false]);
    expect(queue.counts).toEqual({ running: 2, waiting: 1 });
    gates[0].open('a');
    expect(await first).toBe('a');
    gates[2].open('c');
    expect(await third).toBe('c');
    gates[1].open('b');
    expect(await second).toBe('b');
    expect(queue.counts).toEqual({ running: 0, waiting: 0 });
  });

  it('gives a place back when work fails', async () => {
    const queue = queueOf({});
    const broken = gate();
    const failing = queue.run('a', broken.work);
    const next = queue.run('a', () => Promise.resolve('next'));
    broken.fail();
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('next');
    expect(await queue.run('a', () => Promise.resolve('after'))).toBe('after');
  });

  it('lets nobody stand before another one for ever', async () => {
    const queue = queueOf({ running: 2 });
    const order: string[] = [];
    const gates = [gate(), gate(), gate()];
    const note = (name: string): (() => Promise<string>) => {
      return () => {
        order.push(name);
        return Promise.resolve(name);
      };
    };
    const running = gates.slice(0, 2).map(({ work }) => queue.run('many', work));
    const waiting = ['many 3', 'many 4', 'one'].map((name) => queue.run(name.split(' ')[0] ?? '', note(name)));
    gates[0].open('done');
    await Promise.all([running[0], ...waiting]);
    expect(order).toEqual(['one', 'many 3', 'many 4']);
    gates[1].open('done');
    await running[1];
  });

  it('has room for others when one fills its share of the line', async () => {
    const queue = queueOf({ waitingOfOne: 1 });
    const busy = gate();
    const first = queue.run('many', busy.work);
    const own = queue.run('many', () => Promise.resolve('own'));
    expect(await queue.run('many', () => Promise.resolve('too many'))).toBeNull();
    const other = queue.run('one', () => Promise.resolve('other'));
    busy.open('done');
    expect(await Promise.all([first, own, other])).toEqual(['done', 'own', 'other']);
  });

  it('refuses what has waited too long, and what waits when it closes', async () => {
    const busy = gate();
    const queue = queueOf({ waitMs: 1 });
    const running = queue.run('a', busy.work);
    expect(await queue.run('a', () => Promise.resolve('late'))).toBeNull();
    expect(queue.counts).toEqual({ running: 1, waiting: 0 });
    busy.open('done');
    await running;
    const closing = queueOf({});
    const last = gate();
    const ending = closing.run('a', last.work);
    const refused = closing.run('a', () => Promise.resolve('never'));
    closing.close();
    expect(await refused).toBeNull();
    expect(await closing.run('a', () => Promise.resolve('never'))).toBeNull();
    last.open('done');
    expect(await ending).toBe('done');
  });
});

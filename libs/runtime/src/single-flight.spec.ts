import { SingleFlight } from './single-flight.js';

/** Work that is ended by hand, and how often it was begun. */
function held(): { work: () => Promise<string>; begun: () => number; end: (result: string | Error) => void } {
  const waiting: { resolve: (result: string) => void; reject: (error: Error) => void }[] = [];
  let begun = 0;
  return {
    work: () => {
      begun += 1;
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    begun: () => begun,
    end: (result) => {
      const next = waiting.shift();
      if (result instanceof Error) next?.reject(result);
      else next?.resolve(result);
    },
  };
}

describe('SingleFlight', () => {
  let flights: SingleFlight<string>;
  beforeEach(() => {
    flights = new SingleFlight();
  });

  it('begins the work of a key once for all who ask meanwhile, and anew afterwards', async () => {
    const { work, begun, end } = held();
    const both = [flights.run('a', work), flights.run('a', work)];
    expect([begun(), flights.size]).toEqual([1, 1]);
    end('one');
    expect(await Promise.all(both)).toEqual(['one', 'one']);
    expect([flights.size, flights.underWay('a')]).toEqual([0, undefined]);
    const later = flights.run('a', work);
    end('two');
    expect(await later).toBe('two');
    expect(begun()).toBe(2);
  });

  it('keeps keys apart', async () => {
    const [one, two] = [held(), held()];
    const both = [flights.run('a', one.work), flights.run('b', two.work)];
    two.end('b');
    one.end('a');
    expect(await Promise.all(both)).toEqual(['a', 'b']);
  });

  it('gives a failure to all who share the work, and remembers none', async () => {
    const { work, end } = held();
    const both = Promise.allSettled([flights.run('a', work), flights.run('a', work)]);
    end(new Error('away'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = flights.run('a', work);
    end('back');
    expect(await again).toBe('back');
  });

  it('starts work beside work under way: who asks later shares the newer, whichever ends first', async () => {
    const { work, begun, end } = held();
    const first = flights.run('a', work);
    const second = flights.start('a', work);
    end('first');
    expect(await first).toBe('first');
    const third = flights.run('a', work);
    expect(begun()).toBe(2);
    end('second');
    expect(await Promise.all([second, third])).toEqual(['second', 'second']);
    expect(flights.size).toBe(0);
  });

  it('tells when the work under way has ended, failed or not', async () => {
    const [one, two] = [held(), held()];
    const failing = flights.run('a', one.work).catch(() => 'failed');
    void flights.run('b', two.work);
    let isSettled = false;
    const settled = flights.settled().then(() => (isSettled = true));
    one.end(new Error('away'));
    expect(await failing).toBe('failed');
    expect(isSettled).toBe(false);
    two.end('b');
    await settled;
  });
});

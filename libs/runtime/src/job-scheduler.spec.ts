import { BEAT_MS, Pulse, type Part } from './job-scheduler.js';

/** Answers probes by hand, or at once by what is due. */
class Answers {
  due: boolean[] = [];
  failure: Error | null = null;
  readonly probes: (readonly string[])[] = [];
  readonly logged: string[] = [];
  gate: Promise<void> = Promise.resolve();

  readonly probe = async (conditions: readonly string[]): Promise<readonly boolean[]> => {
    this.probes.push(conditions);
    await this.gate;
    if (this.failure !== null) throw this.failure;
    return this.due;
  };

  readonly logFailure = (_: unknown, what: string, error: unknown): void =>
    void this.logged.push(`${what}: ${(error as Error).message}`);
}

let answers: Answers;
let pulse: Pulse;
beforeEach(() => {
  answers = new Answers();
  pulse = new Pulse(answers);
});
afterEach(() => {
  pulse.onModuleDestroy();
});

/** A part, and how often it has had its turn. */
function part(more: Partial<Part> = {}): jest.Mock {
  const work = jest.fn(() => Promise.resolve());
  pulse.add({ name: 'part', everyMs: BEAT_MS, work, ...more });
  return (more.work ?? work) as jest.Mock;
}

/** A promise that is ended by hand. */
function held(): { promise: Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const promise = new Promise<void>((resolve) => (end = resolve));
  return { promise, end };
}

describe('a beat', () => {
  it('starts only what is due, by one statement for all', async () => {
    const parts = ['one', 'two', 'three'].map((when) => part({ when }));
    answers.due = [false, true, false];
    await pulse.beat();
    expect(parts.map(({ mock }) => mock.calls.length)).toEqual([0, 1, 0]);
    expect(answers.probes).toEqual([['one', 'two', 'three']]);
  });

  it('costs no statement where nothing asks for one', async () => {
    const always = part();
    await pulse.beat();
    await pulse.beat();
    expect(always).toHaveBeenCalledTimes(2);
    expect(answers.probes).toEqual([]);
  });

  it('gives a part its turn as often as it wants one', async () => {
    const [often, seldom, due] = [part(), part({ everyMs: 3 * BEAT_MS }), part({ everyMs: 2 * BEAT_MS, when: 'due' })];
    answers.due = [true];
    for (let beat = 0; beat < 6; beat += 1) await pulse.beat();
    expect([often, seldom, due].map(({ mock }) => mock.calls.length)).toEqual([6, 2, 3]);
    expect(answers.probes).toHaveLength(3);
  });

  it('does not start a part again before it has ended', async () => {
    const turn = held();
    const work = part({ when: 'due', work: jest.fn(() => turn.promise) });
    answers.due = [true];
    await pulse.beat();
    await pulse.beat();
    expect(work).toHaveBeenCalledTimes(1);
    turn.end();
    await pulse.beforeApplicationShutdown();
    await pulse.beat();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it.each([
    [
      'sync',
      () => {
        throw new Error('broken');
      },
    ],
    ['async', () => Promise.reject(new Error('broken'))],
  ])('survives a part that fails (%s), says so, and starts it again', async (_, fail) => {
    const [broken, sound] = [part({ work: jest.fn(fail) }), part()];
    for (let beat = 0; beat < 2; beat += 1) {
      await pulse.beat();
      await pulse.beforeApplicationShutdown();
    }
    expect([broken, sound].map(({ mock }) => mock.calls.length)).toEqual([2, 2]);
    expect(answers.logged).toContain('a round failed: broken');
  });

  it('knows no other times than its own', () => {
    expect(() => part({ everyMs: BEAT_MS + 1 })).toThrow('no beat comes');
    expect(() => part({ everyMs: 0 })).toThrow('no beat comes');
  });
});

describe('without an answer', () => {
  it('nothing is started that waits for one; with the next answer it is', async () => {
    const [due, always] = [part({ when: 'due' }), part()];
    answers.due = [true];
    answers.failure = new Error('away');
    await pulse.beat();
    await pulse.beat();
    expect([due, always].map(({ mock }) => mock.calls.length)).toEqual([0, 2]);
    expect(answers.logged).toEqual(['nobody knows what is due: away', 'nobody knows what is due: away']);
    answers.failure = null;
    await pulse.beat();
    expect(due).toHaveBeenCalledTimes(1);
  });

  it('the next beats ask again, but no more than two questions are open', async () => {
    const due = part({ when: 'due' });
    const late = held();
    answers.due = [true];
    answers.gate = late.promise;
    const beats = [pulse.beat(), pulse.beat(), pulse.beat()];
    expect(answers.probes).toHaveLength(2);
    late.end();
    await Promise.all(beats);
    await pulse.beat();
    expect(answers.probes).toHaveLength(3);
    expect(due.mock.calls.length).toBeGreaterThan(0);
  });
});

describe('shutdown', () => {
  it('starts nothing more, not even what a beat under way finds due', async () => {
    const due = part({ when: 'due' });
    const late = held();
    answers.due = [true];
    answers.gate = late.promise;
    const beat = pulse.beat();
    pulse.onModuleDestroy();
    expect(pulse.leaving.aborted).toBe(true);
    late.end();
    await beat;
    await pulse.beat();
    expect(due).not.toHaveBeenCalled();
    expect(answers.probes).toHaveLength(1);
  });

  it('waits for what is under way, and for what that starts', async () => {
    const [turn, sent] = [held(), held()];
    const ended: string[] = [];
    part({
      work: async () => {
        await turn.promise;
        pulse.run('part', async () => {
          await sent.promise;
          ended.push('sent');
        });
      },
    });
    await pulse.beat();
    pulse.onModuleDestroy();
    const drained = pulse.beforeApplicationShutdown().then(() => ended.push('drained'));
    turn.end();
    await turn.promise;
    sent.end();
    await drained;
    expect(ended).toEqual(['sent', 'drained']);
  });

  it('begins nothing any more', async () => {
    const always = part();
    await pulse.beat();
    pulse.onModuleDestroy();
    await pulse.beat();
    expect(always).toHaveBeenCalledTimes(1);
  });
});

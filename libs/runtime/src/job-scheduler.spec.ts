import { TICK_MS, JobScheduler, type Job } from './job-scheduler.js';

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
let scheduler: JobScheduler;
beforeEach(() => {
  answers = new Answers();
  scheduler = new JobScheduler(answers);
});
afterEach(() => {
  scheduler.onModuleDestroy();
});

/** A job, and how often it has had its turn. */
function job(more: Partial<Job> = {}): jest.Mock {
  const work = jest.fn(() => Promise.resolve());
  scheduler.add({ name: 'job', everyMs: TICK_MS, work, ...more });
  return (more.work ?? work) as jest.Mock;
}

/** A promise that is ended by hand. */
function held(): { promise: Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const promise = new Promise<void>((resolve) => (end = resolve));
  return { promise, end };
}

describe('a tick', () => {
  it('starts only the jobs that are due, by one probe for all', async () => {
    const jobs = ['one', 'two', 'three'].map((dueProbe) => job({ dueProbe }));
    answers.due = [false, true, false];
    await scheduler.tick();
    expect(jobs.map(({ mock }) => mock.calls.length)).toEqual([0, 1, 0]);
    expect(answers.probes).toEqual([['one', 'two', 'three']]);
  });

  it('costs no statement where nothing asks for one', async () => {
    const always = job();
    await scheduler.tick();
    await scheduler.tick();
    expect(always).toHaveBeenCalledTimes(2);
    expect(answers.probes).toEqual([]);
  });

  it('gives a job its turn as often as it asks for', async () => {
    const [often, seldom, due] = [job(), job({ everyMs: 3 * TICK_MS }), job({ everyMs: 2 * TICK_MS, dueProbe: 'due' })];
    answers.due = [true];
    for (let tick = 0; tick < 6; tick += 1) await scheduler.tick();
    expect([often, seldom, due].map(({ mock }) => mock.calls.length)).toEqual([6, 2, 3]);
    expect(answers.probes).toHaveLength(3);
  });

  it('does not start a job again before it has ended', async () => {
    const turn = held();
    const work = job({ dueProbe: 'due', work: jest.fn(() => turn.promise) });
    answers.due = [true];
    await scheduler.tick();
    await scheduler.tick();
    expect(work).toHaveBeenCalledTimes(1);
    turn.end();
    await scheduler.beforeApplicationShutdown();
    await scheduler.tick();
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
  ])('survives a job that fails (%s), says so, and starts it again', async (_, fail) => {
    const [broken, sound] = [job({ work: jest.fn(fail) }), job()];
    for (let tick = 0; tick < 2; tick += 1) {
      await scheduler.tick();
      await scheduler.beforeApplicationShutdown();
    }
    expect([broken, sound].map(({ mock }) => mock.calls.length)).toEqual([2, 2]);
    expect(answers.logged).toContain('a round failed: broken');
  });

  it('knows no other times than its own', () => {
    expect(() => job({ everyMs: TICK_MS + 1 })).toThrow('no tick comes');
    expect(() => job({ everyMs: 0 })).toThrow('no tick comes');
  });
});

describe('without an answer', () => {
  it('nothing is started that waits for one; with the next answer it is', async () => {
    const [due, always] = [job({ dueProbe: 'due' }), job()];
    answers.due = [true];
    answers.failure = new Error('away');
    await scheduler.tick();
    await scheduler.tick();
    expect([due, always].map(({ mock }) => mock.calls.length)).toEqual([0, 2]);
    expect(answers.logged).toEqual([
      'which jobs are due could not be asked: away',
      'which jobs are due could not be asked: away',
    ]);
    answers.failure = null;
    await scheduler.tick();
    expect(due).toHaveBeenCalledTimes(1);
  });

  it('the next ticks ask again, but no more than two probes are open', async () => {
    const due = job({ dueProbe: 'due' });
    const late = held();
    answers.due = [true];
    answers.gate = late.promise;
    const ticks = [scheduler.tick(), scheduler.tick(), scheduler.tick()];
    expect(answers.probes).toHaveLength(2);
    late.end();
    await Promise.all(ticks);
    await scheduler.tick();
    expect(answers.probes).toHaveLength(3);
    expect(due.mock.calls.length).toBeGreaterThan(0);
  });
});

describe('shutdown', () => {
  it('starts nothing more, not even what a tick under way finds due', async () => {
    const due = job({ dueProbe: 'due' });
    const late = held();
    answers.due = [true];
    answers.gate = late.promise;
    const tick = scheduler.tick();
    scheduler.onModuleDestroy();
    expect(scheduler.shutdownSignal.aborted).toBe(true);
    late.end();
    await tick;
    await scheduler.tick();
    expect(due).not.toHaveBeenCalled();
    expect(answers.probes).toHaveLength(1);
  });

  it('waits for what is under way, and for what that starts', async () => {
    const [turn, sent] = [held(), held()];
    const ended: string[] = [];
    job({
      work: async () => {
        await turn.promise;
        scheduler.run('job', async () => {
          await sent.promise;
          ended.push('sent');
        });
      },
    });
    await scheduler.tick();
    scheduler.onModuleDestroy();
    const drained = scheduler.beforeApplicationShutdown().then(() => ended.push('drained'));
    turn.end();
    await turn.promise;
    sent.end();
    await drained;
    expect(ended).toEqual(['sent', 'drained']);
  });

  it('begins nothing any more', async () => {
    const always = job();
    await scheduler.tick();
    scheduler.onModuleDestroy();
    await scheduler.tick();
    expect(always).toHaveBeenCalledTimes(1);
  });
});

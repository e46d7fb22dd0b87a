import { DatabaseUnavailableError } from '#libs/database';
import { OPEN_VIEWS, Task, type Follow, type TaskWatch } from '#libs/tracking';
import { PermitRefusedError } from '#libs/runtime';
import { MjError } from '../../http/errors/mj-error.js';
import { tasksStream, type TasksSource } from './tasks-stream.js';

const taskAt = (id: string, version: number, more: Partial<Task> = {}): Task =>
  Object.assign(new Task(), {
    id,
    version,
    status: 'IN_PROGRESS',
    waiting: false,
    submittedAt: new Date(0),
    imageUrl: null,
    pictureCount: 0,
    videoCount: 0,
    messageId: null,
    messageHash: null,
    failCode: null,
    ...more,
  });

/** A stream over tasks that a test changes, read as fast as it comes. */
class Rig {
  readonly tasks = new Map<string, Task>();
  readonly parts: string[] = [];
  readonly leaving = new AbortController();
  reads: string[][] = [];
  /** What every read throws; null: none does. */
  fault: Error | null = null;
  refused: MjError | null = null;
  hasEnded = false;
  private readonly followed = new Map<string, number>();
  private close: () => void = () => undefined;
  private onChange: (id: string) => void = () => undefined;
  private readonly watch = {
    isClosed: false,
    follow: (onChange: (id: string) => void): Follow => {
      this.onChange = onChange;
      return {
        add: (id, version) => void this.followed.set(id, version),
        drop: (id) => void this.followed.delete(id),
        end: () => this.followed.clear(),
      };
    },
    onClosing: (close: () => void) => {
      this.close = close;
      return () => (this.close = () => undefined);
    },
  };

  show(task: Task): void {
    this.tasks.set(task.id, task);
    if (this.followed.delete(task.id)) this.onChange(task.id);
  }

  shutDown(): void {
    this.watch.isClosed = true;
    this.close();
  }

  get follows(): number {
    return this.followed.size;
  }

  source(more: Partial<TasksSource> = {}): TasksSource {
    return {
      first: [...this.tasks.keys()],
      newcomers: null,
      linkBase: 'https://gateway.test',
      read: (ids) => {
        this.reads.push([...ids]);
        if (this.fault !== null) return Promise.reject(this.fault);
        const tasks = ids.map((id) => this.tasks.get(id)).filter((task) => task !== undefined);
        return Promise.resolve({ tasks, taken: ids.length });
      },
      watch: this.watch as unknown as TaskWatch,
      views: OPEN_VIEWS,
      signal: this.leaving.signal,
      refusal: () => this.refused,
      ...more,
    };
  }

  async run(more: Partial<TasksSource> = {}): Promise<void> {
    for await (const part of tasksStream(this.source(more)))
      this.parts.push(/^id: (\d+-\d+)\ndata: \{.*\}\n\n$/.exec(part)?.[1] ?? part);
    this.hasEnded = true;
  }
}

const RETRY = 'retry: 3000\n\n';
const BEAT = ': \n\n';
const END = 'event: end\ndata: {}\n\n';

describe('a stream of many tasks', () => {
  let rig: Rig;
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers();
    rig = new Rig();
  });
  afterEach(async () => {
    rig.leaving.abort();
    await pass(0);
    expect([jest.getTimerCount(), rig.follows]).toEqual([0, 0]);
    jest.useRealTimers();
  });

  it('sends each version that it sees once, and an end after the last of them', async () => {
    rig.show(taskAt('1', 3));
    rig.show(taskAt('2', 8, { status: 'SUCCESS' }));
    void rig.run();
    await pass(1_000);
    rig.show(taskAt('1', 4));
    await pass(1_000);
    rig.show(taskAt('1', 9, { status: 'FAILURE' }));
    await pass(1_000);
    expect(rig.parts).toEqual([RETRY, '1-3', '2-8', '1-4', '1-9', END]);
    expect(rig.hasEnded).toBe(true);
  });

  it('says something every 15 s when nothing happens, and asks nobody', async () => {
    rig.show(taskAt('1', 3));
    void rig.run();
    await pass(46_000);
    expect(rig.parts).toEqual([RETRY, '1-3', BEAT, BEAT, BEAT]);
    expect(rig.reads).toEqual([['1']]);
  });

  it('looks every 5 s at the places of those that wait, and tells only what moved', async () => {
    const waits = { status: 'NOT_START', waiting: true } as const;
    rig.show(taskAt('1', 1, { ...waits, queuePosition: 7 }));
    rig.show(taskAt('2', 3));
    void rig.run();
    await pass(5_100);
    // The place is not of the row: no version tells of it.
    rig.tasks.set('1', taskAt('1', 1, { ...waits, queuePosition: 4 }));
    await pass(5_000);
    expect(rig.parts).toEqual([RETRY, '1-1', '2-3', '1-1']);
    expect(rig.reads).toEqual([['1', '2'], ['1'], ['1']]);
  });

  it('tells once of an end that a look at the places met first', async () => {
    rig.show(taskAt('1', 1, { status: 'NOT_START', waiting: true, queuePosition: 0 }));
    rig.show(taskAt('2', 1));
    void rig.run();
    await pass(1_000);
    rig.tasks.set('1', taskAt('1', 2, { status: 'CANCEL' }));
    await pass(5_000);
    rig.show(taskAt('1', 2, { status: 'CANCEL' }));
    await pass(1_000);
    expect(rig.parts).toEqual([RETRY, '1-1', '2-1', '1-2']);
  });

  it('reads twice a second at most, however much changes', async () => {
    rig.show(taskAt('1', 1));
    void rig.run();
    for (let version = 2; version <= 40; version += 1) {
      await pass(50);
      rig.show(taskAt('1', version));
    }
    expect(rig.reads.length).toBeLessThanOrEqual(5);
    await pass(500);
    expect(rig.parts.at(-1)).toBe('1-40');
  });

  it.each([
    ['the database is away', new DatabaseUnavailableError(null)],
    ['others read too much', new PermitRefusedError('key')],
  ])('stays open while %s, and goes on after', async (_, fault) => {
    rig.show(taskAt('1', 3));
    void rig.run();
    await pass(1_000);
    rig.fault = fault;
    rig.show(taskAt('1', 4));
    await pass(20_000);
    expect(rig.parts).toEqual([RETRY, '1-3', BEAT]);
    rig.fault = null;
    await pass(1_000);
    expect(rig.parts).toEqual([RETRY, '1-3', BEAT, '1-4']);
  });

  it('makes nothing for a client that does not read, and shows it the newest later', async () => {
    rig.show(taskAt('1', 1));
    const stream = tasksStream(rig.source());
    await stream.next();
    expect((await stream.next()).value).toMatch(/^id: 1-1\n/);
    for (let version = 2; version <= 1_000; version += 1) rig.show(taskAt('1', version));
    await pass(60_000);
    expect(rig.reads).toHaveLength(1);
    const newest = stream.next();
    await pass(1_000);
    expect((await newest).value).toMatch(/^id: 1-1000\n/);
    expect(rig.reads).toHaveLength(2);
    await stream.return();
  });

  it('finds what others opened every 2 s, and never ends by itself', async () => {
    rig.show(taskAt('1', 8, { status: 'SUCCESS' }));
    const newcomers = jest.fn(() => Promise.resolve([...rig.tasks.keys()]));
    void rig.run({ newcomers });
    await pass(1_000);
    rig.show(taskAt('2', 1));
    await pass(4_000);
    expect(rig.parts).toEqual([RETRY, '1-8', '2-1']);
    expect(newcomers).toHaveBeenCalledTimes(2);
    expect(rig.hasEnded).toBe(false);
  });

  it('leaves out what is not there, and reads on where one read did not reach', async () => {
    for (const id of ['1', '2', '3']) rig.show(taskAt(id, 1));
    const read: TasksSource['read'] = (ids) => {
      rig.reads.push([...ids]);
      return Promise.resolve({ tasks: ids[0] === '2' ? [] : [taskAt(ids[0] ?? '', 1)], taken: 1 });
    };
    void rig.run({ read });
    await pass(2_000);
    expect(rig.parts).toEqual([RETRY, '1-1', '3-1']);
    expect(rig.reads).toEqual([['1', '2', '3'], ['2', '3'], ['3']]);
  });

  it('tells a client that may not watch any more why it ends', async () => {
    rig.show(taskAt('1', 1));
    void rig.run();
    await pass(1_000);
    rig.refused = new MjError('invalid_api_key');
    rig.leaving.abort();
    await pass(0);
    expect(rig.parts.at(-1)).toMatch(/^event: error\ndata: \{"code":4,"description":"invalid_api_key"/);
    expect(rig.hasEnded).toBe(true);
  });

  it('ends at shutdown', async () => {
    rig.show(taskAt('1', 1));
    void rig.run();
    await pass(1_000);
    rig.shutDown();
    await pass(0);
    expect([rig.parts, rig.hasEnded]).toEqual([[RETRY, '1-1'], true]);
  });
});

import { DatabaseUnavailableError } from '#libs/database';
import { OPEN_VIEWS, Task, type TaskWatch } from '#libs/tracking';
import { MjError } from '../http/errors/mj-error.js';
import { readLastEventId, taskStream, type StreamSource } from './task-stream.js';

const taskAt = (version: number, status: Task['status'] = 'IN_PROGRESS'): Task =>
  Object.assign(new Task(), {
    id: '6240000000000001',
    version,
    status,
    submittedAt: new Date(0),
    imageUrl: null,
    pictureCount: 0,
    videoCount: 0,
    messageId: null,
    messageHash: null,
    failCode: null,
  });

/** A stream whose waits end as given: true, something changed; after the last one shutdown begins. */
function streamOf(waits: boolean[], finds: (() => Task)[], source: Partial<StreamSource> = {}): AsyncGenerator<string> {
  const watch = {
    isClosed: false,
    wait: () => {
      const happened = waits.shift();
      watch.isClosed = happened === undefined;
      return Promise.resolve(happened ?? false);
    },
  };
  return taskStream({
    task: taskAt(3),
    lastVersion: null,
    linkBase: 'https://gateway.test',
    find: () => Promise.resolve().then(() => (finds.shift() ?? ((): Task => taskAt(3)))()),
    watch: watch as unknown as TaskWatch,
    views: OPEN_VIEWS,
    signal: new AbortController().signal,
    refusal: () => null,
    ...source,
  });
}

async function all(stream: AsyncGenerator<string>): Promise<string[]> {
  const parts: string[] = [];
  for await (const part of stream) parts.push(/^id: (\d+)\ndata: \{.*\}\n\n$/.exec(part)?.[1] ?? part);
  return parts;
}

describe('a stream', () => {
  it('sends each version it sees once, and ends with the task', async () => {
    const finds = [(): Task => taskAt(4), (): Task => taskAt(4), (): Task => taskAt(9, 'SUCCESS')];
    expect(await all(streamOf([true, true, true], finds))).toEqual(['retry: 3000\n\n', '3', '4', '9']);
  });

  it('says something when nothing happens, so that nobody takes it for dead', async () => {
    expect(await all(streamOf([false, false], []))).toEqual(['retry: 3000\n\n', '3', ': \n\n', ': \n\n']);
  });

  it('does not repeat what the client has', async () => {
    expect(await all(streamOf([], [], { lastVersion: 3 }))).toEqual(['retry: 3000\n\n']);
    expect(await all(streamOf([], [], { lastVersion: 2 }))).toEqual(['retry: 3000\n\n', '3']);
  });

  it('stays open while the database is away', async () => {
    const away = (): Task => {
      throw new DatabaseUnavailableError(null);
    };
    const stream = streamOf([true, true], [away, (): Task => taskAt(5, 'FAILURE')]);
    expect(await all(stream)).toEqual(['retry: 3000\n\n', '3', ': \n\n', '5']);
  });

  it('decides what comes next when the reader wants it', async () => {
    const finds = [(): Task => taskAt(7)];
    const stream = streamOf([true], finds);
    await stream.next();
    await stream.next();
    expect(finds).toHaveLength(1);
    expect((await stream.next()).value).toMatch(/^id: 7\n/);
  });

  it('tells a client that may not watch any more why it ends', async () => {
    const refusal = (): MjError => new MjError('invalid_api_key');
    const parts = await all(streamOf([true], [], { signal: AbortSignal.abort(), refusal }));
    expect(parts.slice(0, 2)).toEqual(['retry: 3000\n\n', '3']);
    expect(parts.slice(2).join('')).toMatch(
      /^event: error\ndata: \{"code":4,"description":"invalid_api_key","result":null,.*\}\n\n$/,
    );
  });

  it('ends when the client is gone', async () => {
    expect(await all(streamOf([true], [], { signal: AbortSignal.abort() }))).toEqual(['retry: 3000\n\n', '3']);
  });
});

describe('Last-Event-ID', () => {
  it.each([
    ['3', 3],
    [' 12 ', 12],
    ['', null],
    ['-1', null],
    ['1e3', null],
    ['1234567890', null],
    [undefined, null],
  ])('%j is %j', (header, version) => {
    expect(readLastEventId(header)).toBe(version);
  });
});

import { Task, type Follow } from '#libs/tracking';
import { TaskChanges } from './task-changes.js';

/** A watch that tells what it is told to, as the real one does: once for each task that was added. */
class FakeWatch {
  isClosed = false;
  readonly followed = new Map<string, number>();
  private onChange: (id: string) => void = () => undefined;

  follow(onChange: (id: string) => void): Follow {
    this.onChange = onChange;
    return {
      add: (id, version) => void this.followed.set(id, version),
      drop: (id) => void this.followed.delete(id),
      end: () => this.followed.clear(),
    };
  }

  change(id: string): void {
    if (this.followed.delete(id)) this.onChange(id);
  }
}

const taskAt = (id: string, version: number, more: Partial<Task> = {}): Task =>
  Object.assign(new Task(), { id, version, status: 'IN_PROGRESS', waiting: false, ...more });

describe('the tasks of a stream', () => {
  let watch: FakeWatch;
  let leaving: AbortController;
  let changes: TaskChanges;

  beforeEach(() => {
    watch = new FakeWatch();
    leaving = new AbortController();
    changes = new TaskChanges(watch, leaving.signal);
  });

  it('are told when they are new, have another version, or another place in the queue', () => {
    const waits = { status: 'NOT_START', waiting: true } as const;
    expect(changes.note(taskAt('1', 3, { ...waits, queuePosition: 2 }))).toBe(true);
    expect(changes.note(taskAt('1', 3, { ...waits, queuePosition: 2 }))).toBe(false);
    expect(changes.note(taskAt('1', 3, { ...waits, queuePosition: 1 }))).toBe(true);
    expect(changes.waiting).toEqual(['1']);
    expect(changes.note(taskAt('1', 4))).toBe(true);
    expect(changes.waiting).toEqual([]);
  });

  it('are told to have ended once, though their end is read twice', () => {
    changes.note(taskAt('1', 3, { status: 'NOT_START', waiting: true }));
    // The end was met by a look at its place in the queue, before the watch told of it.
    expect(changes.note(taskAt('1', 4, { status: 'SUCCESS' }))).toBe(true);
    watch.change('1');
    expect(changes.hasMore).toBe(false);
    expect(changes.note(taskAt('1', 4, { status: 'SUCCESS' }))).toBe(false);
    expect([changes.size, changes.knows('1'), watch.followed.size]).toEqual([0, true, 0]);
  });

  it('are followed from the version that was read', () => {
    changes.note(taskAt('1', 3));
    changes.note(taskAt('1', 5));
    expect(watch.followed).toEqual(new Map([['1', 5]]));
  });

  it('are read in turns, each once however often it changes', () => {
    changes.restore(['1', '2', '3', '1']);
    expect(changes.take(2)).toEqual(['1', '2']);
    expect(changes.hasMore).toBe(true);
    expect(changes.take(2)).toEqual(['3']);
    expect(changes.hasMore).toBe(false);
  });

  it('that are gone are not followed any more', () => {
    changes.note(taskAt('1', 3));
    changes.restore(['1']);
    changes.forget('1');
    expect([changes.size, changes.hasMore, changes.knows('1'), watch.followed.size]).toEqual([0, false, false, 0]);
  });

  it('of which 2,000 ended are remembered', () => {
    for (let n = 0; n <= 2_000; n += 1) changes.note(taskAt(String(n), 1, { status: 'FAILURE' }));
    expect([changes.knows('0'), changes.knows('1'), changes.knows('2000')]).toEqual([false, true, true]);
  });

  it.each([
    ['a change', () => watch.change('1')],
    ['shutdown', () => changes.interrupt()],
    ['the client that leaves', () => leaving.abort()],
  ])('wait until %s', async (_, happens) => {
    changes.note(taskAt('1', 3));
    const waiting = changes.wait(60_000);
    happens();
    await waiting;
  });

  it('pause between reads though something changes, but not for a client that is gone', async () => {
    jest.useFakeTimers();
    try {
      changes.note(taskAt('1', 3));
      let isOver = false;
      const pause = changes.pause(500).then(() => (isOver = true));
      watch.change('1');
      await jest.advanceTimersByTimeAsync(499);
      expect(isOver).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      await pause;
      leaving.abort();
      await changes.pause(60_000);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('are let go at the end', () => {
    changes.note(taskAt('1', 3));
    changes.restore(['2']);
    changes.end();
    expect([changes.size, changes.hasMore, watch.followed.size]).toEqual([0, false, 0]);
  });
});

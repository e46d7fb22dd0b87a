/** @jest-environment jsdom */
import { jest } from '@jest/globals';
import type { Task } from '../../../api/client.ts';
import { LiveTasks } from './live-tasks.ts';

class FakeEvents {
  static opened: FakeEvents[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeEvents.opened.push(this);
  }

  close(): void {
    this.isClosed = true;
  }
}

const settle = async (ms = 0): Promise<void> => void (await jest.advanceTimersByTimeAsync(ms));
const newest = (): FakeEvents => {
  const last = FakeEvents.opened.at(-1);
  if (last === undefined) throw new Error('no stream was opened');
  return last;
};

describe('LiveTasks', () => {
  let heard: string[];
  let catchUp: jest.Mock<() => Promise<boolean>>;
  let live: LiveTasks;

  beforeEach(() => {
    jest.useFakeTimers();
    FakeEvents.opened = [];
    globalThis.EventSource = FakeEvents as unknown as typeof EventSource;
    heard = [];
    catchUp = jest.fn<() => Promise<boolean>>().mockResolvedValue(false);
    live = new LiveTasks({ take: (task: Task) => heard.push(task.id) > 0, catchUp });
    live.start();
  });

  afterEach(() => {
    live.stop();
    jest.useRealTimers();
  });

  it('takes what the stream brings, and asks once what was missed before it', async () => {
    newest().onopen?.();
    newest().onmessage?.({ data: '{"id":"62"}' });
    newest().onmessage?.({ data: '{"id"' });
    await settle();
    expect(heard).toEqual(['62']);
    expect(catchUp).toHaveBeenCalledTimes(1);
    expect(live.state.value).toBe('stream');
  });

  it('comes back after the gateway was away, however long', async () => {
    newest().onopen?.();
    await settle();
    catchUp.mockRejectedValue(new Error('away'));
    newest().onerror?.();
    expect(live.state.value).toBe('off');
    await settle(120_000);
    catchUp.mockResolvedValue(true);
    await settle(20_000);
    expect(FakeEvents.opened.length).toBeGreaterThan(1);
    newest().onopen?.();
    expect(live.state.value).toBe('stream');
    expect(FakeEvents.opened.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  });

  it('asks again and again where streams cannot be opened, and tries them again later', async () => {
    for (let tries = 0; tries < 3; tries += 1) {
      newest().onerror?.();
      await settle(20_000);
    }
    expect(live.state.value).toBe('polling');
    const before = catchUp.mock.calls.length;
    await settle(10_000);
    expect(catchUp.mock.calls.length).toBeGreaterThan(before);
    const opened = FakeEvents.opened.length;
    await settle(70_000);
    expect(FakeEvents.opened.length).toBe(opened + 1);
  });

  it('asks again and again where a stream stays silent about what happens', async () => {
    newest().onopen?.();
    await settle();
    catchUp.mockResolvedValue(true);
    await settle(61_000);
    expect(live.state.value).toBe('polling');
  });

  it('gives everything back', async () => {
    newest().onopen?.();
    await settle();
    live.stop();
    const calls = catchUp.mock.calls.length;
    await settle(300_000);
    expect(newest().isClosed).toBe(true);
    expect(catchUp.mock.calls.length).toBe(calls);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets go of the stream when nobody has seen the page for long, and comes back when somebody does', async () => {
    newest().onopen?.();
    await settle();
    const hidden = jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    await settle(61_000);
    expect(newest().isClosed).toBe(true);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(FakeEvents.opened).toHaveLength(2);
    hidden.mockRestore();
  });
});

import { MjError } from '../http/errors/mj-error.js';
import { RequestLife } from './request-life.js';
import { ResourceGauges } from './resource-gauges.js';
import { UploadBudget, type UploadMeter, type Uploading } from './upload-budget.js';

const KIB = 1024;
const STEP = 64 * KIB;
/** Of each body so much is free. */
const FREE = 16 * KIB;

describe('UploadBudget', () => {
  let memory: UploadBudget;
  let told: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    memory = new UploadBudget(
      { total: 10 * STEP, perKey: 8 * STEP, waitMs: 10_000, maxWaitingPerKey: 2 },
      new ResourceGauges(),
    );
  });

  afterEach(() => jest.useRealTimers());

  const used = (): number => memory.used;
  const request = (key: string | null = 'a'): Uploading => ({
    life: new RequestLife({ stalledMs: () => 0, cut: () => undefined }),
    ip: '192.0.2.1',
    apiKey: key === null ? null : { id: key },
  });
  /** Lets all that is settled be told. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  const tell = (name: string, waits: Promise<void> | null): void => {
    if (waits === null) told.push(name);
    else
      waits.then(
        () => told.push(name),
        (error: unknown) => told.push(`${name}: ${error instanceof MjError ? error.code : 'fault'}`),
      );
  };
  const enter = async (asked: Uploading): Promise<UploadMeter> => {
    await memory.acquire(asked);
    return memory.meterOf(asked);
  };

  it('takes what has come, a step at a time, and gives it back at the end', async () => {
    const one = request();
    const meter = await enter(one);
    expect(used()).toBe(STEP);
    expect(meter.add(FREE + STEP)).toBeNull();
    expect(used()).toBe(STEP);
    expect(meter.add(1)).toBeNull();
    expect(used()).toBe(2 * STEP);
    meter.finished();
    expect(used()).toBe(STEP + 1);
    one.life.end('answered');
    expect([used(), memory.ownerCount, memory.waiting]).toEqual([0, 0, 0]);
  });

  it('counts nothing of small bodies, and of others without asking them to wait before', () => {
    const [small, other] = [request(), request(null)];
    expect(memory.meterOf(small).add(FREE)).toBeNull();
    memory.meterOf(small).finished();
    expect(used()).toBe(0);
    expect(memory.meterOf(other).add(FREE + 1)).toBeNull();
    expect(used()).toBe(STEP);
    [small, other].forEach(({ life }) => life.end('abandoned'));
    expect([used(), memory.ownerCount]).toEqual([0, 0]);
  });

  it('is not held by bodies of which nothing comes', async () => {
    const stalled = await Promise.all(Array.from({ length: 6 }, () => enter(request('a'))));
    stalled.forEach((meter) => void meter.add(1));
    expect(used()).toBe(6 * STEP);
    const other = await enter(request('b'));
    expect(other.add(FREE + 4 * STEP)).toBeNull();
  });

  it('leaves others what one key may not have', async () => {
    const oldest = await enter(request('a'));
    void oldest.add(FREE + 7 * STEP);
    await enter(request('a'));
    tell('third', memory.acquire(request('a')));
    await settle();
    expect(told).toEqual([]);
    expect((await enter(request('b'))).add(FREE + 2 * STEP)).toBeNull();
  });

  it('lets the oldest of many half bodies end, then the next', async () => {
    const uploads = [request('a'), request('a'), request('a')];
    const [first, second, third] = (await Promise.all(uploads.map(enter))) as [UploadMeter, UploadMeter, UploadMeter];
    [first, second, third].forEach((meter) => void meter.add(FREE + 2.5 * STEP));
    // The quota is passed by the oldest alone.
    expect(used()).toBe(7 * STEP);
    tell('second', second.add(2 * STEP));
    tell('first', first.add(3 * STEP));
    await settle();
    expect([told, used()]).toEqual([['first'], 10 * STEP]);
    first.finished();
    uploads[0]?.life.end('answered');
    await settle();
    expect(told).toEqual(['first', 'second']);
    tell('third', third.add(STEP));
    uploads[1]?.life.end('answered');
    await settle();
    expect(told).toEqual(['first', 'second', 'third']);
    uploads[2]?.life.end('answered');
    expect([used(), memory.ownerCount]).toEqual([0, 0]);
  });

  it('refuses what has waited for too long, and where too many wait', async () => {
    void (await enter(request('a'))).add(FREE + 8 * STEP);
    for (const name of ['1', '2', '3']) tell(name, memory.acquire(request('a')));
    await settle();
    expect(told).toEqual(['3: too_many_uploads']);
    expect(memory.waiting).toBe(2);
    jest.advanceTimersByTime(10_000);
    await settle();
    expect(told.slice(1)).toEqual(['1: too_many_uploads', '2: too_many_uploads']);
    expect(memory.waiting).toBe(0);
  });

  it('refuses a half body that has waited for too long, and holds it until it is answered', async () => {
    const [oldest, other] = [request('a'), request('a')];
    const first = await enter(oldest);
    const meter = await enter(other);
    void first.add(FREE + 7 * STEP);
    tell('other', meter.add(FREE + 2 * STEP));
    jest.advanceTimersByTime(10_000);
    await settle();
    expect(told).toEqual(['other: too_many_uploads']);
    expect(used()).toBe(8 * STEP);
    other.life.end('answered');
    expect(used()).toBe(7 * STEP);
  });

  it('forgets who left while it waited', async () => {
    const held = request('a');
    void (await enter(held)).add(FREE + 8 * STEP);
    const leaving = request('a');
    tell('left', memory.acquire(leaving));
    await settle();
    leaving.life.end('abandoned');
    await settle();
    expect([told, memory.waiting]).toEqual([['left'], 0]);
    expect(used()).toBe(8 * STEP);
    held.life.end('answered');
    const late = request('b');
    late.life.end('abandoned');
    await memory.acquire(late);
    expect([used(), memory.ownerCount]).toEqual([0, 0]);
  });

  it('serves the next in line when one leaves, past those who wait for their own quota', async () => {
    const greedy = request('a');
    void (await enter(greedy)).add(FREE + 8 * STEP);
    tell('a', memory.acquire(request('a')));
    void (await enter(request('b'))).add(FREE + 2 * STEP);
    tell('c', memory.acquire(request('c')));
    await settle();
    expect(told).toEqual([]);
    greedy.life.end('answered');
    await settle();
    expect(told).toEqual(['a', 'c']);
  });
});

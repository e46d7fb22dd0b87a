import { absent, seen } from '../../../test/an-event.js';
import { aFollowedTask, after } from '../../../test/a-task.js';
import { isRealChange } from '../change.js';

const NOW = after(5_000);

describe('a task that continues', () => {
  it('moves forward, and its hook is due', () => {
    const task = aFollowedTask();
    const change = task.on(seen({ status: 'IN_PROGRESS', progress: 40, imageUrl: 'https://up.test/a.png' }), NOW);
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 40, version: 2, polledAt: NOW, quietPolls: 0 });
    expect(task.nextPollAt).toEqual(after(7_000));
    expect(change).toMatchObject({ fromVersion: 1, visible: true, refund: '0', freesSlotOf: null, uncounts: false });
    expect(change?.timeline).toEqual([{ kind: 'progress', source: 'poller', detail: {} }]);
    expect(change?.assets).toEqual([]);
  });

  it('starts when its upstream begins, after it was only queued', () => {
    const task = aFollowedTask({ status: 'NOT_START', startedAt: null });
    task.on(seen({ status: 'NOT_START', progress: 0 }), NOW);
    expect(task).toMatchObject({ status: 'NOT_START', startedAt: null });
    task.on(seen({ status: 'SUBMITTED' }), after(6_000));
    expect(task).toMatchObject({ status: 'SUBMITTED', startedAt: after(6_000) });
  });

  it('gets no version when nothing has changed, and is polled less and less', () => {
    const task = aFollowedTask({ status: 'IN_PROGRESS', progress: 40, quietPolls: 4 });
    const change = task.on(seen({ status: 'IN_PROGRESS', progress: 40 }), NOW);
    expect(change).toMatchObject({ visible: false, timeline: [] });
    expect(change !== null && isRealChange(change)).toBe(false);
    expect(task).toMatchObject({ version: 1, quietPolls: 5, polledAt: NOW });
    expect(Number(task.nextPollAt) - NOW.getTime()).toBeGreaterThan(2_000);
  });

  it.each([
    ['an earlier status', { status: 'SUBMITTED', progress: 40 }],
    ['not started', { status: 'NOT_START', progress: 0 }],
    ['a modal', { status: 'MODAL', progress: 40 }],
    ['a lower progress', { status: 'IN_PROGRESS', progress: 20 }],
    ['no progress', { status: 'IN_PROGRESS', progress: null }],
    ['an unknown status', { status: null, progress: null }],
  ] as const)('ignores %s', (_, snapshot) => {
    const task = aFollowedTask({ status: 'IN_PROGRESS', progress: 40 });
    const change = task.on(seen(snapshot), NOW);
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 40, version: 1 });
    expect(change?.visible).toBe(false);
  });

  it('is never at 100 % before it has ended', () => {
    const task = aFollowedTask();
    task.on(seen({ status: 'IN_PROGRESS', progress: 100 }), NOW);
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 99 });
  });

  it.each([
    [{ promptEn: 'a cat' }],
    [{ finalPrompt: 'a cat --v 7' }],
    [{ finalZhPrompt: 'mao' }],
    [{ imageUrl: 'https://up.test/b.png' }],
    [{ messageId: '123' }],
    [{ messageHash: 'abc' }],
    [{ seed: '42' }],
  ])('shows learned fields, with a version and an event of their own: %j', (news) => {
    const task = aFollowedTask({ status: 'IN_PROGRESS', quietPolls: 6 });
    const change = task.on(seen(news), NOW);
    expect(task).toMatchObject({ ...news, version: 2, quietPolls: 0 });
    expect(change).toMatchObject({ visible: true, timeline: [{ kind: 'learned' }] });
  });

  it('keeps every learned field', () => {
    const known = { promptEn: 'a cat', finalPrompt: 'a cat', imageUrl: 'https://up.test/a.png', seed: '42' };
    const task = aFollowedTask({ status: 'IN_PROGRESS', ...known });
    expect(task.on(seen(), NOW)?.visible).toBe(false);
    expect(task).toMatchObject(known);
  });
});

describe('a task that ends', () => {
  it.each([0, 99, null])('in SUCCESS at progress %s shows 100 %%, and keeps its price', (progress) => {
    const task = aFollowedTask({ progress: 30 });
    const change = task.on(seen({ status: 'SUCCESS', progress }), NOW);
    expect(task).toMatchObject({ status: 'SUCCESS', progress: 100, finishedAt: NOW, nextPollAt: null, failReason: '' });
    expect(task).toMatchObject({ cost: '0.100000', hasSlot: false, isCounted: false, version: 2, failCode: null });
    expect(change).toMatchObject({ refund: '0', freesSlotOf: '7', uncounts: true, visible: true });
    expect(change?.timeline.map(({ kind }) => kind)).toEqual(['succeeded']);
  });

  it('has a start time, even if no poll saw the start', () => {
    const task = aFollowedTask({ status: 'NOT_START', startedAt: null });
    task.on(seen({ status: 'SUCCESS' }), NOW);
    expect(task.startedAt).toEqual(NOW);
  });

  it.each([
    ['FAILURE', 'upstream_failed', 'failed'],
    ['CANCEL', 'cancelled', 'cancelled'],
  ] as const)('in %s releases everything, once', (status, failCode, kind) => {
    const task = aFollowedTask();
    const change = task.on(seen({ status, progress: 55 }), NOW);
    expect(task).toMatchObject({ status, progress: 100, failCode, cost: '0', hasSlot: false, isCounted: false });
    expect(change).toMatchObject({ refund: '0.100000', freesSlotOf: '7', uncounts: true, timeline: [{ kind }] });
    expect(task.on(seen({ status }), after(6_000))).toBeNull();
  });

  it.each([
    ['', 'The upstream failed'],
    ['   ', 'The upstream failed'],
    ['banned at https://up.test/x by 1234567890123456789', 'banned at by'],
  ])("shows the upstream's reason %j as %j", (failReason, shown) => {
    const task = aFollowedTask();
    task.on(seen({ status: 'FAILURE', failReason }), NOW);
    expect(task.failReason).toBe(shown);
  });
});

describe('a shortened prompt', () => {
  it('is shown as the description, without links to the upstream', () => {
    const task = aFollowedTask({ action: 'SHORTEN', description: '/shorten a red cat' });
    const finalPrompt = '## Shortened prompts\n1️⃣ red cat https://up.test/x.png';
    task.on(seen({ status: 'SUCCESS', finalPrompt }), NOW);
    expect(task.finalPrompt).toMatch(/^## Shortened prompts\n1️⃣ red cat$/);
    expect(task).toMatchObject({ description: task.finalPrompt, prompt: task.finalPrompt });
  });

  it('leaves the description unchanged when the upstream gives no text, and for other actions always', () => {
    const silent = aFollowedTask({ action: 'SHORTEN', description: '/shorten a red cat' });
    silent.on(seen({ status: 'SUCCESS' }), NOW);
    expect(silent.description).toBe('/shorten a red cat');
    const other = aFollowedTask();
    other.on(seen({ status: 'SUCCESS', finalPrompt: 'a red cat --v 7' }), NOW);
    expect(other.description).toBe('/imagine a red cat');
  });
});

describe('a task that the answer leaves out', () => {
  it('is polled again and does not change', () => {
    const task = aFollowedTask();
    const change = task.on(absent(), NOW);
    expect(change).toMatchObject({ visible: false, timeline: [], refund: '0' });
    expect(task).toMatchObject({ version: 1, missingSince: NOW, polledAt: null, nextPollAt: after(7_000) });
    task.on(absent(), after(9_000));
    expect(task.missingSince).toEqual(NOW);
    task.on(seen(), after(11_000));
    expect(task.missingSince).toBeNull();
  });
});

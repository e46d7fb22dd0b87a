import { OUTCOMES, seen, settled } from '../../../test/an-event.js';
import { aFollowedTask, aTask, after } from '../../../test/a-task.js';
import { toChangeJson } from './change-json.js';
import type { TaskEvent } from '../../task/event.js';
import type { Task } from '../../task/task.entity.js';
import { toTaskView } from '../../task/task-view.js';

const HOOK = 'https://client.test:8443/hook?a=b';
const NOW = after(5_000);

function deliveryOf(task: Task, event: TaskEvent): unknown {
  const change = task.on(event, NOW);
  if (change === null) throw new Error('nothing changed');
  return toChangeJson(change)['delivery'];
}

describe('the delivery of a change', () => {
  it('is the task object, for the host of its URL', () => {
    const task = aFollowedTask({ notifyHook: HOOK });
    const delivery = deliveryOf(task, seen({ status: 'IN_PROGRESS', progress: 20 }));
    expect(delivery).toMatchObject({ url: HOOK, terminal: false, host: expect.stringContaining('client.test') });
    expect(JSON.parse((delivery as { payload: string }).payload)).toEqual(toTaskView(task, 'https://gateway.test'));
  });

  it.each([
    ['SUBMITTED', aTask({ notifyHook: HOOK }), settled(OUTCOMES.accepted), false],
    ['MODAL', aTask({ notifyHook: HOOK }), settled(OUTCOMES.window), false],
    ['SUCCESS', aFollowedTask({ notifyHook: HOOK }), seen({ status: 'SUCCESS' }), true],
    ['FAILURE', aFollowedTask({ notifyHook: HOOK }), seen({ status: 'FAILURE' }), true],
    ['CANCEL', aFollowedTask({ notifyHook: HOOK }), seen({ status: 'CANCEL' }), true],
  ] as const)('on %s', (status, task, event, terminal) => {
    const delivery = deliveryOf(task, event) as { terminal: boolean; payload: string };
    expect(delivery.terminal).toBe(terminal);
    expect(JSON.parse(delivery.payload)).toMatchObject({ status });
  });

  it.each([
    ['a refusal', aTask({ notifyHook: HOOK }), settled(OUTCOMES.refused)],
    ['an unknown outcome', aTask({ notifyHook: HOOK }), settled(OUTCOMES.unknown)],
    ['a wait', aTask({ notifyHook: HOOK }), settled(OUTCOMES.full)],
    ["the upstream's queue", aTask({ notifyHook: HOOK }), settled(OUTCOMES.queued)],
    ['no news', aFollowedTask({ notifyHook: HOOK, status: 'IN_PROGRESS' }), seen()],
    ['a task without a hook', aFollowedTask(), seen({ status: 'SUCCESS' })],
  ])('is not made for %s', (_, task, event) => {
    expect(deliveryOf(task, event)).toBeNull();
  });

  it('is made only at the end if the client wants no more', () => {
    const task = aFollowedTask({ notifyHook: HOOK, notifyTerminalOnly: true });
    expect(deliveryOf(task, seen({ status: 'IN_PROGRESS', progress: 20 }))).toBeNull();
    expect(deliveryOf(task, seen({ status: 'SUCCESS' }))).toMatchObject({ terminal: true });
  });

  it('is not made for a success that came after the failure', () => {
    const task = aFollowedTask({ notifyHook: HOOK });
    deliveryOf(task, seen({ status: 'FAILURE' }));
    expect(deliveryOf(task, seen({ status: 'SUCCESS' }))).toBeNull();
  });
});

import { createTask, type NewTask } from '../src/task/new-task.js';
import type { Task } from '../src/task/task.entity.js';

/** Submit time of the tasks of pure tests. */
export const SUBMITTED_AT = new Date('2026-03-01T12:00:00.000Z');

/** The time `ms` after SUBMITTED_AT. */
export function after(ms: number): Date {
  return new Date(SUBMITTED_AT.getTime() + ms);
}

/** A new IMAGINE task without a hook. */
export function aNewTask(overrides: Partial<NewTask> = {}): NewTask {
  return {
    apiKeyId: '1',
    action: 'IMAGINE',
    mode: 'FAST',
    botType: 'MID_JOURNEY',
    prompt: 'a red cat',
    description: '/imagine a red cat',
    state: 'mine',
    parentId: null,
    customId: '',
    repeatKey: null,
    upstreamId: null,
    price: '0.100000',
    notifyHook: null,
    notifyTerminalOnly: false,
    baseUrl: 'https://gateway.test',
    requestId: 'req-1',
    idempotency: null,
    ...overrides,
  };
}

/** A task of a limited key that is being sent to upstream 7. */
export function aTask(overrides: Partial<Task> = {}): Task {
  return Object.assign(createTask(aNewTask(), SUBMITTED_AT, 1_234_567), {
    upstreamId: '7',
    hasSlot: true,
    isCounted: true,
    sendAttempt: 1,
    sentAt: SUBMITTED_AT,
    sendDeadline: after(30_000),
    lookUpAt: after(32_000),
    ...overrides,
  });
}

/** A task that its upstream has accepted and works on. */
export function aFollowedTask(overrides: Partial<Task> = {}): Task {
  return aTask({
    status: 'SUBMITTED',
    version: 1,
    upstreamTaskId: 'up-1',
    startedAt: after(1_000),
    lookUpAt: null,
    nextPollAt: after(3_000),
    deadlineAt: after(3_600_000),
    ...overrides,
  });
}

/** A task that waits for a free upstream. */
export function aWaitingTask(overrides: Partial<Task> = {}): Task {
  return aTask({
    upstreamId: null,
    hasSlot: false,
    waiting: true,
    sendAttempt: 0,
    sentAt: null,
    sendDeadline: null,
    lookUpAt: null,
    ...overrides,
  });
}

/** A modal that waits for its confirmation: it holds neither credits nor a slot. */
export function aModal(overrides: Partial<Task> = {}): Task {
  return aTask({
    status: 'MODAL',
    version: 1,
    upstreamTaskId: 'up-1',
    hasSlot: false,
    isCounted: false,
    cost: '0',
    lookUpAt: null,
    ...overrides,
  });
}

/** A confirmed modal whose confirmation is being sent. */
export function aConfirmedModal(overrides: Partial<Task> = {}): Task {
  return aModal({
    status: 'SUBMITTED',
    version: 2,
    startedAt: after(1_000),
    confirmedAt: after(1_000),
    hasSlot: true,
    isCounted: true,
    cost: '0.100000',
    sendAttempt: 2,
    nextPollAt: after(32_000),
    deadlineAt: after(3_600_000),
    ...overrides,
  });
}

/** A task that ended a minute after its submit, in the given status. */
export function aFinishedTask(status: 'SUCCESS' | 'FAILURE' | 'CANCEL', overrides: Partial<Task> = {}): Task {
  return aFollowedTask({
    status,
    version: 5,
    progress: 100,
    finishedAt: after(60_000),
    nextPollAt: null,
    hasSlot: false,
    isCounted: false,
    cost: status === 'SUCCESS' ? '0.100000' : '0',
    failCode: status === 'FAILURE' ? 'timeout' : status === 'CANCEL' ? 'cancelled' : null,
    failReason: status === 'FAILURE' ? 'The task took longer than it may' : '',
    ...overrides,
  });
}

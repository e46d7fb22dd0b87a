/** @jest-environment jsdom */
import { cleanup, render } from '@testing-library/preact';
import type { Task } from '../../../api/client.ts';
import { account, type Account } from '../../../app/account.ts';
import { paceClock, workPaces } from '../../../app/task-pace.ts';
import { SentCard } from './sent-card.tsx';

const NOW = 1_795_340_100_000;
const TASK = {
  id: '6237012345678901',
  action: 'IMAGINE',
  mode: 'FAST',
  status: 'IN_PROGRESS',
  prompt: 'a fox',
  progress: '20%',
  imageUrl: '',
  videoUrls: null,
  submitTime: NOW - 30_000,
  startTime: NOW - 15_000,
  queuePosition: null,
  failReason: '',
  failure: null,
} as Task;

const textOf = (task: Task): string | null => render(<SentCard sent={{ id: task.id, task }} />).container.textContent;

describe('SentCard', () => {
  beforeAll(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    paceClock.value = NOW;
  });
  afterEach(cleanup);
  afterAll(() => jest.restoreAllMocks());

  it('tells how far it is, and about how long it still takes where that is known', () => {
    expect(textOf(TASK)).not.toContain('left');
    workPaces.value = [{ action: 'IMAGINE', mode: 'FAST', queueSeconds: 40, runSeconds: 60 }];
    expect(textOf(TASK)).toContain('20% · about 45 s left');
    const waiting = { ...TASK, status: 'NOT_START', startTime: 0, queuePosition: 3 } as Task;
    expect(textOf(waiting)).toContain('2 ahead · about 1:10 left');
  });

  it('tells what was given back', () => {
    const failure = { kind: 'banned', retryable: false, refunded: true };
    const failed = { ...TASK, status: 'FAILURE', failReason: 'no', failure } as Task;
    expect(textOf(failed)).toContain('no Your credits were given back.');
    account.value = { prices: [{ action: 'IMAGINE', mode: 'FAST', price: 0.1 }] } as Account;
    expect(textOf(failed)).toContain('Your credits were given back (0.1 at the present price).');
  });
});

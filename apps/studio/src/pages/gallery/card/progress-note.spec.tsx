/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/preact';
import type { Task } from '../../../api/client.ts';
import { ProgressNote } from './progress-note.tsx';

const NOW = 1_795_340_100_000;
const TASK = {
  id: '6237012345678901',
  action: 'IMAGINE',
  mode: 'FAST',
  status: 'IN_PROGRESS',
  progress: '20%',
  submitTime: NOW - 30_000,
  startTime: NOW - 15_000,
  queuePosition: null,
} as Task;

describe('ProgressNote', () => {
  const asked: string[] = [];
  beforeAll(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    globalThis.fetch = ((url: URL) => {
      asked.push(url.pathname);
      const items = [{ action: 'IMAGINE', mode: 'FAST', queueSeconds: 40, runSeconds: 60, tasks: 9 }];
      return Promise.resolve({ ok: true, status: 200, headers: new Headers(), json: () => Promise.resolve({ items }) });
    }) as unknown as typeof fetch;
  });
  afterEach(cleanup);
  afterAll(() => jest.restoreAllMocks());

  it('tells about how long it still takes, by one answer for all cards', async () => {
    render(
      <>
        <ProgressNote task={TASK} />
        <ProgressNote task={{ ...TASK, status: 'NOT_START', progress: '0%', startTime: 0, queuePosition: 2 }} />
      </>,
    );
    await screen.findByText('about 45 s left');
    expect(screen.getByText('20%')).toBeTruthy();
    expect(screen.getByText('2 tasks ahead')).toBeTruthy();
    expect(screen.getByText('about 1:10 left')).toBeTruthy();
    expect(asked).toEqual(['/mj/task/pace']);
  });

  it('says how it stands where nothing is known', () => {
    render(<ProgressNote task={{ ...TASK, mode: 'RELAX' }} />);
    expect(screen.getByText('Being made')).toBeTruthy();
    expect(screen.queryByText(/left/)).toBeNull();
  });
});

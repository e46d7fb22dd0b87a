/** @jest-environment jsdom */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import type { Task } from '../../../api/client.ts';
import { Toasts } from '../../../components/toasts.tsx';
import { CancelButton } from '../card/cancel-button.tsx';
import { GalleryDeskContext, type GalleryDesk } from '../desk.ts';

const ID = '6237012345678901';
const CANCEL = `/mj/task/${ID}/cancel`;

interface Answer {
  status?: number;
  description?: string;
  retryAfter?: number;
}

describe('Cancelling a task', () => {
  const taken: Task[] = [];
  const feed = { take: (task: Task) => void taken.push(task) };
  const desk = { feed, window: signal(null), viewer: signal(null) } as unknown as GalleryDesk;

  /** Answers a cancel in the gateway's place, and any read of the task. */
  function press({ status = 200, description = 'Success', retryAfter }: Answer): HTMLElement {
    taken.length = 0;
    globalThis.fetch = ((url: URL) => {
      const isCancel = url.pathname === CANCEL;
      const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
      const body = isCancel ? { code: status === 200 ? 1 : 4, description } : [{ id: ID, status: 'SUCCESS' }];
      const code = isCancel ? status : 200;
      return Promise.resolve({ ok: code < 400, status: code, headers, json: () => Promise.resolve(body) });
    }) as unknown as typeof fetch;
    render(
      <GalleryDeskContext.Provider value={desk}>
        <CancelButton id={ID} />
        <Toasts />
      </GalleryDeskContext.Provider>,
    );
    const button = screen.getByRole('button', { name: 'Cancel' });
    fireEvent.click(button);
    return button;
  }
  const answered = (button: HTMLElement): Promise<void> =>
    waitFor(() => expect(button.getAttribute('aria-busy')).toBe('false'));
  afterEach(cleanup);

  it('is confirmed, and the task is read again', async () => {
    const button = press({});
    await screen.findByText('The task is being cancelled.');
    await answered(button);
    expect(taken.map(({ id }) => id)).toEqual([ID]);
    expect(button).toHaveProperty('disabled', false);
  });

  it('says when to try again while the task is being sent, and waits that long', async () => {
    const button = press({ status: 400, description: 'cancel_not_supported', retryAfter: 7 });
    await screen.findByText(/It is being sent right now.* Try again in 7 s\./);
    await answered(button);
    expect(button).toHaveProperty('disabled', true);
  });

  it('says that it cannot be done where the upstream has no cancel', async () => {
    const button = press({ status: 400, description: 'cancel_not_supported' });
    await screen.findByText('This task cannot be cancelled any more.');
    await answered(button);
    expect(button).toHaveProperty('disabled', false);
  });

  it('says that it came too late, and shows how the task ended', async () => {
    const button = press({ status: 400, description: 'task_is_finished' });
    await screen.findByText('It has already ended.');
    await answered(button);
    expect(taken).toMatchObject([{ id: ID, status: 'SUCCESS' }]);
  });
});

/** @jest-environment jsdom */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import type { Task } from '../../../api/client.ts';
import { GalleryDeskContext, type GalleryDesk } from '../desk.ts';
import { TaskWindow } from './task-window.tsx';

const MODAL = {
  id: '6237012345678901',
  action: 'CUSTOM_ZOOM',
  status: 'MODAL',
  prompt: 'a fox',
  customId: 'MJ::CustomZoom::x',
  parentId: '',
  mode: 'FAST',
  properties: { finalPrompt: 'a fox --zoom 2', finalZhPrompt: '' },
} as unknown as Task;

const desk = { feed: { take: () => undefined }, window: signal(null), viewer: signal(null) } as unknown as GalleryDesk;

interface Sent {
  path: string;
  body: Record<string, unknown>;
  key: string | null;
}

/** Answers in the gateway's place. @returns what was sent */
function answerWith(answers: Record<string, () => { status?: number; body: unknown }>): Sent[] {
  const sent: Sent[] = [];
  globalThis.fetch = (async (url: URL, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const { pathname: path } = new URL(url);
    sent.push({
      path,
      body: JSON.parse((init.body as string | undefined) ?? '{}') as Sent['body'],
      key: headers.get('idempotency-key'),
    });
    const { status = 200, body } = answers[path]?.() ?? { status: 404, body: {} };
    return Promise.resolve({ ok: status < 400, status, headers: new Headers(), json: () => Promise.resolve(body) });
  }) as unknown as typeof fetch;
  return sent;
}

describe('TaskWindow', () => {
  beforeAll(() => {
    // jsdom has no dialogs.
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
  });
  afterEach(cleanup);

  const show = (task: Task): { confirmed: string[] } => {
    const confirmed: string[] = [];
    render(
      <GalleryDeskContext.Provider value={desk}>
        <TaskWindow task={task} onClose={() => undefined} onConfirmed={(id) => confirmed.push(id)} />
      </GalleryDeskContext.Provider>,
    );
    return { confirmed };
  };
  const ok = { body: { code: 1, description: 'Submit success', result: MODAL.id } };
  const submits = (sent: readonly Sent[]): Sent[] => sent.filter(({ path }) => path === '/mj/submit/modal');

  it('writes the factor of a zoom into the prompt, tells the price, and confirms', async () => {
    const sent = answerWith({
      '/mj/price': () => ({ body: { total: 0.1, credits: 4 } }),
      '/mj/submit/modal': () => ok,
    });
    const { confirmed } = show(MODAL);
    fireEvent.input(screen.getByLabelText('How far'), { target: { value: '1.35' } });
    expect(await screen.findByText('0.1 credits')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Make it' }));
    await waitFor(() => expect(confirmed).toEqual([MODAL.id]));
    expect(submits(sent)).toMatchObject([{ body: { taskId: MODAL.id, prompt: 'a fox --zoom 1.35' } }]);
  });

  it('says why it was refused, keeps what was typed, and tries again with the same key after no answer', async () => {
    let isAway = true;
    const sent = answerWith({
      '/mj/submit/modal': () => {
        if (isAway) throw new TypeError('Failed to fetch');
        return { body: { code: 24, description: 'x', result: null, properties: { bannedWord: 'fox' } } };
      },
    });
    show({ ...MODAL, id: '6237012345678902', action: 'PAN', customId: 'MJ::JOB::pan_left::1::x' });
    fireEvent.input(screen.getByLabelText('Prompt'), { target: { value: 'a red fox' } });
    const press = (): void => void fireEvent.click(screen.getByRole('button', { name: 'Make it' }));
    press();
    await screen.findByRole('alert');
    isAway = false;
    press();
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('fox'));
    const [first, second] = submits(sent);
    expect(first?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.key).toBe(first?.key);
    cleanup();
    show({ ...MODAL, id: '6237012345678902', action: 'PAN', customId: 'MJ::JOB::pan_left::1::x' });
    expect(screen.getByLabelText('Prompt')).toHaveProperty('value', 'a red fox');
  });

  it('says so when it was confirmed elsewhere', () => {
    answerWith({});
    show({ ...MODAL, status: 'SUBMITTED' });
    expect(screen.getByText(/no longer open/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Make it' })).toHaveProperty('disabled', true);
  });

  it('refuses a region of which nothing is marked, in words', async () => {
    const sent = answerWith({});
    show({ ...MODAL, action: 'INPAINT', customId: 'MJ::Inpaint::1::x' });
    fireEvent.click(screen.getByRole('button', { name: 'Paint it anew' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Nothing is marked');
    expect(submits(sent)).toEqual([]);
  });
});

/** @jest-environment jsdom */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import type { Task } from '../../../api/client.ts';
import { GalleryDeskContext, type GalleryDesk } from '../desk.ts';
import { NO_FILTERS } from '../filters/gallery-filters.ts';
import { GalleryFeed } from '../store/gallery-feed.ts';
import { TaskButtons } from './task-buttons.tsx';

const button = (customId: string, label = ''): NonNullable<Task['buttons']>[number] => ({
  customId,
  label,
  emoji: '',
  type: 2,
  style: 2,
});
const links = [1, 2, 3, 4].map((n) => ({ url: `http://g.test/mj/image/62/${n}` }));
const grid = {
  id: '62',
  mode: 'FAST',
  status: 'SUCCESS',
  imageUrls: links,
  videoUrls: null,
  properties: { finalPrompt: '', finalZhPrompt: '' },
  buttons: [
    button('MJ::JOB::upsample::2::x', 'U2'),
    button('MJ::JOB::variation::4::x', 'V4'),
    button('MJ::JOB::brand_new::1::x', 'Brand new'),
    button('', 'Web'),
  ],
} as unknown as Task;

interface Sent {
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Answers a press with `answer`, and lists with one task that waits for its window. */
function serve(answer: unknown): Sent[] {
  const sent: Sent[] = [];
  globalThis.fetch = ((input: URL, { headers, body }: { headers: Record<string, string>; body?: string }) => {
    const { pathname } = new URL(input);
    sent.push({ path: pathname, headers, body: JSON.parse(body ?? 'null') });
    const window = { ...grid, id: '63', status: 'MODAL', buttons: null };
    const answers: Record<string, unknown> = {
      '/mj/submit/action': answer,
      '/mj/task/list-by-condition': [window],
      '/mj/account': { prices: [] },
    };
    const given = answers[pathname];
    return Promise.resolve({ ok: true, status: 200, json: () => Promise.resolve(given) });
  }) as unknown as typeof fetch;
  return sent;
}

function show(): GalleryDesk {
  const desk: GalleryDesk = { feed: new GalleryFeed(NO_FILTERS), window: signal(null), viewer: signal(null) };
  render(
    <GalleryDeskContext.Provider value={desk}>
      <TaskButtons task={grid} />
    </GalleryDeskContext.Provider>,
  );
  return desk;
}

describe('TaskButtons', () => {
  afterEach(cleanup);

  it('names what is known in words with the place in the grid, and the rest by its label', () => {
    show();
    expect(screen.getAllByRole('button').map((element) => element.getAttribute('aria-label'))).toEqual([
      'Upscale 2 (upper right)',
      'Vary 4 (lower right)',
      'Brand new',
    ]);
    expect(screen.getAllByRole('heading').map(({ textContent }) => textContent)).toEqual(['Upscale', 'Vary', 'More']);
  });

  it('sends one press for two clicks, with a key that makes a repeat harmless', async () => {
    const sent = serve({ code: 1, description: 'Submit success', result: '63' });
    const desk = show();
    const element = screen.getByRole('button', { name: /Upscale 2/ });
    fireEvent.click(element);
    fireEvent.click(element);
    await waitFor(() => expect(desk.feed.store.has('63')).toBe(true));
    const presses = sent.filter(({ path }) => path === '/mj/submit/action');
    expect(presses).toHaveLength(1);
    expect(presses[0]?.body).toEqual({ taskId: '62', customId: 'MJ::JOB::upsample::2::x' });
    expect(presses[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('opens the window that a press waits for', async () => {
    serve({ code: 21, description: 'Waiting for window confirm', result: '63' });
    const desk = show();
    fireEvent.click(screen.getByRole('button', { name: /Vary 4/ }));
    await waitFor(() => expect(desk.window.value).toBe('63'));
  });
});

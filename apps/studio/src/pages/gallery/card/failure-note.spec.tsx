/** @jest-environment jsdom */
import { signal } from '@preact/signals';
import { cleanup, render, screen } from '@testing-library/preact';
import type { Task } from '../../../api/client.ts';
import { account, type Account } from '../../../app/account.ts';
import { GalleryDeskContext, type GalleryDesk } from '../desk.ts';
import { NO_FILTERS } from '../filters/gallery-filters.ts';
import { GalleryFeed } from '../store/gallery-feed.ts';
import { FailureNote } from './failure-note.tsx';

const failed = {
  id: '62',
  action: 'IMAGINE',
  status: 'FAILURE',
  prompt: 'a fox & <b>dog</b>',
  parentId: '',
  customId: '',
  cost: 0,
  failReason: '<img src=x onerror=alert(1)>',
  failure: { kind: 'banned', retryable: false, refunded: true },
} as Task;

function show(task: Task): Element {
  const desk: GalleryDesk = { feed: new GalleryFeed(NO_FILTERS), window: signal(null), viewer: signal(null) };
  const { container } = render(
    <GalleryDeskContext.Provider value={desk}>
      <FailureNote task={task} />
    </GalleryDeskContext.Provider>,
  );
  return container;
}

describe('FailureNote', () => {
  afterEach(() => {
    account.value = null;
    cleanup();
  });

  it('says why in words, with what the upstream said as text, and what was given back', () => {
    const container = show(failed);
    expect(container.textContent).toContain('breaks its rules');
    expect(container.textContent).toContain('<img src=x onerror=alert(1)>');
    expect(container.textContent).toContain('given back');
    expect(container.querySelector('img')).toBeNull();
  });

  it('says how much its action costs where that is known, and nothing of it where nothing was given back', () => {
    account.value = {
      prices: [
        { action: 'IMAGINE', mode: 'FAST', price: 0.1 },
        { action: 'MODAL', mode: 'FAST', price: 0.2 },
      ],
    } as Account;
    const task = { ...failed, mode: 'FAST' } as Task;
    expect(show(task).textContent).toContain('Its credits were given back (0.1 at the present price).');
    expect(show({ ...task, action: 'INPAINT' }).textContent).toContain('(0.2 at the present price)');
    expect(show({ ...task, action: 'BLEND' }).textContent).toContain('Its credits were given back.');
    const kept = { ...task, cost: 0.1, failure: { kind: 'timeout', retryable: true, refunded: false } } as Task;
    expect(show(kept).textContent).toContain('Its credits were kept.');
  });

  it('leads back to Create with the prompt', () => {
    show(failed);
    const { search } = new URL(screen.getByRole<HTMLAnchorElement>('link').href);
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({ mode: 'imagine', prompt: 'a fox & <b>dog</b>' });
  });

  it('offers to press the same button of the same parent where it was one', () => {
    show({ ...failed, parentId: '61', customId: 'MJ::JOB::upsample::2::x' });
    expect(screen.getByRole('button', { name: 'Again' })).toBeTruthy();
  });
});

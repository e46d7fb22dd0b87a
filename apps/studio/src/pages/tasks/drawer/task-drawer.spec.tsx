/** @jest-environment jsdom */
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { TaskDrawer } from './task-drawer.tsx';

describe('TaskDrawer', () => {
  beforeAll(() => {
    // jsdom has no dialogs.
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
    // No answer comes: what is looked at are the ways to the tasks beside it.
    globalThis.fetch = (() => new Promise(() => undefined)) as unknown as typeof fetch;
  });
  afterEach(cleanup);

  const show = (id: string): string[] => {
    const shown: string[] = [];
    const drawer = (
      <TaskDrawer
        id={id}
        beside={['3', '2', '1']}
        onShow={(next) => shown.push(next)}
        onClose={() => undefined}
        onChanged={() => undefined}
      />
    );
    render(drawer);
    return shown;
  };
  const press = (key: string): void => void fireEvent.keyDown(document.body, { key });

  it('goes on from the task that the last press led to, even before that one is drawn', () => {
    const shown = show('3');
    for (const key of ['j', 'j', 'j', 'k']) press(key);
    expect(shown).toEqual(['2', '1', '2']);
  });

  it('goes nowhere from the ends of the table', () => {
    const shown = show('1');
    press('j');
    expect(shown).toEqual([]);
    expect(screen.getByRole('button', { name: /\(J\)/ })).toHaveProperty('disabled', true);
    expect(screen.getByRole('button', { name: /\(K\)/ })).toHaveProperty('disabled', false);
  });
});

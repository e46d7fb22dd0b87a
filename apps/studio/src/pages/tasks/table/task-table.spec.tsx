/** @jest-environment jsdom */
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { aDossier } from '../../../../test/task-dossier.ts';
import { chooseLanguage } from '../../../i18n/language.ts';
import type { AdminTask } from './admin-task.ts';
import { resetColumns, toggleColumn } from './column-choice.ts';
import { TaskTable } from './task-table.tsx';

const TASKS: AdminTask[] = ['3', '2', '1'].map((id) => aDossier({ task: { id, prompt: `<b>fox</b> ${id}` } }).task);

function show(openId: string | null = null): string[] {
  const opened: string[] = [];
  render(<TaskTable tasks={TASKS} search="?mode=FAST" openId={openId} onOpen={(id) => opened.push(id)} />);
  return opened;
}

const focused = (): string | null => document.activeElement?.textContent ?? null;

describe('TaskTable', () => {
  beforeEach(() => chooseLanguage('en'));
  afterEach(cleanup);

  it('has one row in the order of focus, and arrow keys, Home and End go over the rows', () => {
    show();
    const links = screen.getAllByRole('link');
    expect(links.map((link) => link.tabIndex)).toEqual([0, -1, -1]);
    links[0]?.focus();
    for (const [key, expected] of [
      ['ArrowDown', '2'],
      ['End', '1'],
      ['ArrowDown', '1'],
      ['ArrowUp', '2'],
      ['Home', '3'],
      ['ArrowUp', '3'],
    ] as const) {
      fireEvent.keyDown(document.activeElement ?? document.body, { key });
      expect(focused()).toBe(expected);
    }
  });

  it('links to each task with the filters, and opens a row that is clicked anywhere', () => {
    const opened = show();
    expect(screen.getByRole('link', { name: '2' }).getAttribute('href')).toMatch(/\/tasks\/2\?mode=FAST$/);
    fireEvent.click(screen.getByText('<b>fox</b> 2'));
    expect(opened).toEqual(['2']);
  });

  it('shows a prompt that holds markup as text', () => {
    show();
    expect(document.querySelector('b')).toBeNull();
  });

  it('shows the columns that were chosen, and never none', () => {
    toggleColumn('prompt');
    show();
    expect(screen.queryByRole('columnheader', { name: 'Prompt' })).toBeNull();
    cleanup();
    resetColumns();
    show();
    expect(screen.getByRole('columnheader', { name: 'Prompt' })).toBeTruthy();
  });
});

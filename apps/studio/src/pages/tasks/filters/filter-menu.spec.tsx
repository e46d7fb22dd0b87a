/** @jest-environment jsdom */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { FilterMenu } from './filter-menu.tsx';
import { OptionList } from './option-list.tsx';

const OPTIONS = ['FAST', 'RELAX', 'TURBO'].map((value) => ({ value, label: value, text: value }));

function show(chosen: readonly string[], isSingle = false): string[][] {
  const changes: string[][] = [];
  render(
    <>
      <FilterMenu label="Mode" chosen={chosen.length}>
        {() => (
          <OptionList
            label="Mode"
            options={OPTIONS}
            chosen={chosen}
            isSingle={isSingle}
            onChange={(values) => changes.push(values)}
          />
        )}
      </FilterMenu>
      <button type="button">elsewhere</button>
    </>,
  );
  fireEvent.click(screen.getByRole('button', { name: /Mode/ }));
  return changes;
}

describe('FilterMenu', () => {
  afterEach(cleanup);

  it('takes the focus into itself, and gives it back when Escape closes it', () => {
    show([]);
    expect(document.activeElement).toBe(screen.getByRole('checkbox', { name: 'FAST' }));
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
    expect(screen.queryByRole('checkbox')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Mode' }));
  });

  it('closes when the focus goes elsewhere', async () => {
    show([]);
    await waitFor(() => {
      screen.queryByRole('checkbox', { name: 'FAST' })?.focus();
      screen.getByRole('button', { name: 'elsewhere' }).focus();
      expect(screen.queryByRole('checkbox')).toBeNull();
    });
  });

  it('adds to several and takes away again', () => {
    const changes = show(['FAST', 'TURBO']);
    fireEvent.click(screen.getByRole('checkbox', { name: 'RELAX' }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'FAST' }));
    expect(changes).toEqual([['FAST', 'TURBO', 'RELAX'], ['TURBO']]);
  });

  it('chooses one of a list', () => {
    const changes = show(['FAST'], true);
    fireEvent.click(screen.getByRole('radio', { name: 'RELAX' }));
    expect(changes).toEqual([['RELAX']]);
  });
});

/** @jest-environment jsdom */
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { Tabs } from './tabs.tsx';

describe('Tabs', () => {
  afterEach(cleanup);

  it('moves by arrow keys and wraps round at both ends', () => {
    const chosen: string[] = [];
    const tabs = [
      { name: 'one', label: 'One' },
      { name: 'two', label: 'Two' },
    ];
    render(
      <Tabs label="Kinds" tabs={tabs} chosen="two" onChoose={(name) => chosen.push(name)}>
        content
      </Tabs>,
    );
    const list = screen.getByRole('tablist');
    fireEvent.keyDown(list, { key: 'ArrowRight' });
    fireEvent.keyDown(list, { key: 'ArrowLeft' });
    fireEvent.keyDown(list, { key: 'Escape' });
    expect(chosen).toEqual(['one', 'one']);
  });

  it('names its panel by the chosen tab, and only that one is in the order of focus', () => {
    render(
      <Tabs label="Kinds" tabs={[{ name: 'one', label: 'One' }]} chosen="one" onChoose={() => undefined}>
        content
      </Tabs>,
    );
    expect(screen.getByRole('tabpanel', { name: 'One' }).textContent).toBe('content');
    expect(screen.getByRole('tab', { name: 'One' }).tabIndex).toBe(0);
  });
});

/** @jest-environment jsdom */
import { pressViewerKey, type KeyActions } from './viewer-keys.ts';

function actions(isFit = true): { told: string[]; on: KeyActions } {
  const told: string[] = [];
  const tell =
    (name: string) =>
    (...values: unknown[]): void =>
      void told.push([name, ...values.map((value) => JSON.stringify(value))].join(' '));
  const panZoom = {
    isFit: () => isFit,
    zoomIn: tell('in'),
    zoomOut: tell('out'),
    fit: tell('fit'),
    showActualSize: tell('actual'),
    moveBy: tell('move'),
  } as unknown as KeyActions['panZoom'];
  const names = ['step', 'toEnd', 'compare', 'download', 'copyLink', 'help'] as const;
  return { told, on: { panZoom, ...Object.fromEntries(names.map((name) => [name, tell(name)])) } as KeyActions };
}

describe('pressViewerKey', () => {
  it.each([
    ['ArrowRight', 'step 1'],
    ['ArrowLeft', 'step -1'],
    ['Home', 'toEnd "first"'],
    ['+', 'in'],
    ['-', 'out'],
    ['0', 'fit'],
    ['1', 'actual'],
    ['c', 'compare'],
    ['d', 'download'],
    ['l', 'copyLink'],
    ['?', 'help'],
  ])('%s does %s', (key, wanted) => {
    const { told, on } = actions();
    expect(pressViewerKey(new KeyboardEvent('keydown', { key }), on)).toBe(true);
    expect(told).toEqual([wanted]);
  });

  it('moves a picture that is zoomed', () => {
    const { told, on } = actions(false);
    pressViewerKey(new KeyboardEvent('keydown', { key: 'ArrowUp' }), on);
    pressViewerKey(new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true }), on);
    expect(told).toEqual(['move {"x":0,"y":80}', 'move {"x":-80,"y":0}']);
  });

  it.each([{ key: 'ArrowUp' }, { key: 'x' }, { key: 'c', ctrlKey: true }])('leaves %j to the browser', (init) => {
    const { told, on } = actions();
    expect(pressViewerKey(new KeyboardEvent('keydown', init), on)).toBe(false);
    expect(told).toEqual([]);
  });

  it('leaves keys that are typed into a field alone', () => {
    const { told, on } = actions();
    const field = document.body.appendChild(document.createElement('input'));
    field.addEventListener('keydown', (event) => void pressViewerKey(event, on));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', bubbles: true }));
    expect(told).toEqual([]);
  });
});

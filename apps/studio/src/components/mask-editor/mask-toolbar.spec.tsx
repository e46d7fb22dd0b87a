/** @jest-environment jsdom */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import type { Point } from '../pan-zoom/view-geometry.ts';
import { MaskDrawing, type MaskTool } from './mask-drawing.ts';
import { pressKey } from './mask-keys.ts';
import { MaskRectangleFields } from './mask-rectangle-fields.tsx';
import { MaskToolbar } from './mask-toolbar.tsx';

const SIDES = { width: 100, height: 50 };

describe('MaskToolbar', () => {
  afterEach(cleanup);

  it('names its tools, says which is chosen, and has nothing to undo at first', () => {
    const drawing = new MaskDrawing(SIDES);
    const tool = signal<MaskTool>('brush');
    render(<MaskToolbar drawing={drawing} tool={tool} brush={signal(8)} largest={25} />);
    expect(screen.getByRole('button', { name: 'Brush (B)' }).getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(screen.getByRole('button', { name: 'Lasso (L)' }));
    expect(tool.value).toBe('lasso');
    expect(screen.getByRole('button', { name: /^Undo/ })).toHaveProperty('disabled', true);
  });

  it('turns the mask inside out, and undoes that', async () => {
    const drawing = new MaskDrawing(SIDES);
    render(<MaskToolbar drawing={drawing} tool={signal<MaskTool>('brush')} brush={signal(8)} largest={25} />);
    fireEvent.click(screen.getByRole('button', { name: 'Invert' }));
    expect(drawing.share.value).toBe(1);
    fireEvent.click(await screen.findByRole('button', { name: /^Undo/ }));
    expect(drawing.share.value).toBe(0);
  });
});

describe('MaskRectangleFields', () => {
  afterEach(cleanup);

  it('marks a rectangle by percent, and takes it away', () => {
    const drawing = new MaskDrawing(SIDES);
    render(<MaskRectangleFields drawing={drawing} />);
    fireEvent.input(screen.getByLabelText('Width'), { target: { value: '25' } });
    fireEvent.click(screen.getByRole('button', { name: 'Mark' }));
    expect(drawing.share.value).toBeCloseTo(0.125);
    fireEvent.click(screen.getByRole('button', { name: 'Take away' }));
    expect(drawing.share.value).toBe(0);
  });

  it('says what is no percent, and marks nothing by it', async () => {
    const drawing = new MaskDrawing(SIDES);
    render(<MaskRectangleFields drawing={drawing} />);
    fireEvent.input(screen.getByLabelText('Top'), { target: { value: '120' } });
    expect((await screen.findByRole('alert')).textContent).toBe('0 to 100');
    expect(screen.getByRole('button', { name: 'Mark' })).toHaveProperty('disabled', true);
  });
});

describe('keys of the mask editor', () => {
  const keys = (): {
    drawing: MaskDrawing;
    press: (key: string, init?: KeyboardEventInit) => boolean;
    tool: { value: MaskTool };
  } => {
    const drawing = new MaskDrawing(SIDES);
    const tool = signal<MaskTool>('brush');
    const nothing = (): void => undefined;
    const targets = {
      drawing,
      tool,
      brush: signal(10),
      cross: signal<Point | null>(null),
      panZoom: { zoomIn: nothing, zoomOut: nothing, fit: nothing },
    };
    const press = (key: string, init: KeyboardEventInit = {}): boolean => {
      const event = new KeyboardEvent('keydown', { key, cancelable: true, ...init });
      pressKey(event, targets);
      return event.defaultPrevented;
    };
    return { drawing, press, tool };
  };

  it('mark a rectangle from one corner to the other', () => {
    const { drawing, press, tool } = keys();
    press('r');
    expect(tool.value).toBe('rectangle');
    press('Enter');
    for (let step = 0; step < 4; step += 1) press('ArrowRight', { shiftKey: true });
    press('ArrowDown', { shiftKey: true });
    press('Enter');
    expect(drawing.share.value).toBeCloseTo((20 * 5) / (100 * 50));
  });

  it('dab, undo, and draw a lasso that Space closes', () => {
    const { drawing, press } = keys();
    press('Enter');
    expect(drawing.share.value).toBeGreaterThan(0);
    press('z', { ctrlKey: true });
    expect(drawing.share.value).toBe(0);
    press('l');
    press('Enter');
    press('ArrowRight', { shiftKey: true });
    press('Enter');
    press('ArrowDown', { shiftKey: true });
    press('Enter');
    press(' ');
    expect(drawing.share.value).toBeGreaterThan(0);
  });

  it('give up a rectangle by Escape, and leave a second Escape to the window', () => {
    const { drawing, press } = keys();
    press('r');
    press('Enter');
    expect([press('Escape'), press('Escape'), drawing.draft.value]).toEqual([true, false, null]);
  });
});

import type { Signal } from '@preact/signals';
import type { PanZoom } from '../pan-zoom/use-pan-zoom.ts';
import type { Point } from '../pan-zoom/view-geometry.ts';
import type { MaskDrawing, MaskTool } from './mask-drawing.ts';
import { toolOfKey } from './mask-toolbar.tsx';

const BRUSH_STEP = 1.15;
const LEAST_BRUSH = 2;
/** Share of the picture that one press of an arrow key goes. */
const SMALL_STEP = 0.01;
const LARGE_STEP = 0.05;

const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What keys act on. */
export interface KeyTargets {
  drawing: MaskDrawing;
  tool: Signal<MaskTool>;
  /** Width of the brush, px of the picture. */
  brush: Signal<number>;
  /** Where the keyboard is on the picture; null: it was not used yet. */
  cross: Signal<Point | null>;
  panZoom: Pick<PanZoom, 'zoomIn' | 'zoomOut' | 'fit'>;
}

/** Does what a key stands for; keys that stand for nothing are left to the page. */
export function pressKey(event: KeyboardEvent, targets: KeyTargets): void {
  if (actOn(event, targets)) event.preventDefault();
}

function actOn(event: KeyboardEvent, targets: KeyTargets): boolean {
  const { drawing, tool, brush, panZoom } = targets;
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.metaKey) return withControl(key.toLowerCase(), shiftKey, drawing);
  const arrow = ARROWS[key];
  if (arrow !== undefined) return moveCross(arrow, shiftKey ? LARGE_STEP : SMALL_STEP, targets);
  switch (key) {
    case 'Enter':
      return markAtCross(event.altKey, targets);
    case ' ':
      return closeLasso(targets);
    case 'Escape': {
      const isDrawing = drawing.draft.value !== null;
      drawing.abandon();
      return isDrawing;
    }
    case '[':
      brush.value = Math.max(LEAST_BRUSH, Math.round(brush.value / BRUSH_STEP));
      return true;
    case ']':
      brush.value = Math.round(brush.value * BRUSH_STEP) + 1;
      return true;
    case '+':
    case '=':
      panZoom.zoomIn();
      return true;
    case '-':
      panZoom.zoomOut();
      return true;
    case '0':
      panZoom.fit();
      return true;
  }
  const chosen = toolOfKey(key);
  if (chosen === null) return false;
  drawing.abandon();
  tool.value = chosen;
  return true;
}

function withControl(key: string, isShifted: boolean, drawing: MaskDrawing): boolean {
  if (key === 'z' && !isShifted) drawing.undo();
  else if (key === 'y' || key === 'z') drawing.redo();
  else return false;
  return true;
}

function moveCross(arrow: Point, step: number, { drawing, cross }: KeyTargets): boolean {
  const { width, height } = drawing.bitmap;
  const from = cross.value ?? { x: width / 2, y: height / 2 };
  const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
  const far = step * Math.max(width, height);
  cross.value = { x: within(from.x + arrow.x * far, width), y: within(from.y + arrow.y * far, height) };
  // A rectangle that was begun by keys follows the cross.
  if (drawing.draft.value?.kind === 'rectangle') drawing.extend([cross.value]);
  return true;
}

function markAtCross(isErasing: boolean, { drawing, tool, brush, cross }: KeyTargets): boolean {
  const { width, height } = drawing.bitmap;
  const at = (cross.value ??= { x: width / 2, y: height / 2 });
  if (tool.value === 'hand') return true;
  const draft = drawing.draft.value;
  if (draft?.kind === 'rectangle') drawing.finish();
  else if (draft?.kind === 'lasso') drawing.extend([at]);
  else drawing.begin(tool.value, at, { radius: brush.value / 2, isErasing });
  if (drawing.draft.value?.kind === 'stroke') drawing.finish();
  return true;
}

function closeLasso({ drawing }: KeyTargets): boolean {
  if (drawing.draft.value?.kind === 'lasso') drawing.finish();
  return true;
}

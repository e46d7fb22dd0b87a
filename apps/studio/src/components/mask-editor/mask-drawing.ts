import { signal, type ReadonlySignal } from '@preact/signals';
import type { Point, Sides } from '../pan-zoom/view-geometry.ts';
import { MaskBitmap, type Area } from './mask-bitmap.ts';
import {
  afterMark,
  applyMark,
  EMPTY_HISTORY,
  redone,
  replay,
  undone,
  type Mark,
  type MaskHistory,
} from './mask-history.ts';

/** What a pointer does on the picture. */
export type MaskTool = 'brush' | 'eraser' | 'rectangle' | 'lasso' | 'hand';

/** What is being drawn and has not ended. */
export type Draft = Extract<Mark, { kind: 'stroke' | 'rectangle' | 'lasso' }>;

/** A mask while it is drawn. A brush shows at once; a rectangle or a lasso is a draft until it ends. */
export class MaskDrawing {
  readonly bitmap: MaskBitmap;
  readonly history: ReadonlySignal<MaskHistory>;
  readonly draft: ReadonlySignal<Draft | null>;
  /** Share of the picture that is marked, 0 to 1; of the moment before while something is drawn. */
  readonly share: ReadonlySignal<number>;
  /** Told what has changed and has to be shown anew. */
  onPaint: (area: Area) => void = () => undefined;
  private readonly known = signal<MaskHistory>(EMPTY_HISTORY);
  private readonly begun = signal<Draft | null>(null);
  private readonly marked = signal(0);

  /** @param earlier what was done to it before, as when a window is opened again */
  constructor({ width, height }: Sides, earlier: MaskHistory = EMPTY_HISTORY) {
    this.bitmap = new MaskBitmap(width, height);
    this.history = this.known;
    this.draft = this.begun;
    this.share = this.marked;
    this.show(earlier);
  }

  /** Begins to draw at a point of the picture. @param radius px, of a brush */
  begin(
    tool: Exclude<MaskTool, 'hand'>,
    at: Point,
    { radius, isErasing }: { radius: number; isErasing: boolean },
  ): void {
    const isMarking = tool !== 'eraser' && !isErasing;
    if (tool === 'rectangle') {
      this.begun.value = { kind: 'rectangle', isMarking, from: at, to: at };
    } else if (tool === 'lasso') {
      this.begun.value = { kind: 'lasso', isMarking, points: [at] };
    } else {
      this.begun.value = { kind: 'stroke', isMarking, radius, points: [at] };
      this.onPaint(this.bitmap.stroke(at, at, radius, isMarking));
    }
  }

  /** Goes on to more points, in their order. */
  extend(points: readonly Point[]): void {
    const draft = this.begun.value;
    const last = points.at(-1);
    if (draft === null || last === undefined) return;
    if (draft.kind === 'rectangle') {
      this.begun.value = { ...draft, to: last };
      return;
    }
    if (draft.kind === 'stroke') this.brushTo(draft, points);
    this.begun.value = { ...draft, points: [...draft.points, ...points] };
  }

  /** Ends what is being drawn. */
  finish(): void {
    const draft = this.begun.value;
    if (draft === null) return;
    this.begun.value = null;
    if (draft.kind === 'stroke') this.note(draft);
    else if (!isNothing(draft)) this.do(draft);
  }

  /** Gives up what is being drawn. */
  abandon(): void {
    const draft = this.begun.value;
    if (draft === null) return;
    this.begun.value = null;
    if (draft.kind === 'stroke') this.show(this.known.value);
  }

  /** Does one thing as a whole. */
  do(mark: Mark): void {
    this.abandon();
    this.onPaint(applyMark(this.bitmap, mark));
    this.note(mark);
  }

  undo(): void {
    this.abandon();
    this.show(undone(this.known.value));
  }

  redo(): void {
    this.abandon();
    this.show(redone(this.known.value));
  }

  private brushTo(draft: Extract<Draft, { kind: 'stroke' }>, points: readonly Point[]): void {
    let before = draft.points.at(-1);
    for (const point of points) {
      this.onPaint(this.bitmap.stroke(before ?? point, point, draft.radius, draft.isMarking));
      before = point;
    }
  }

  private note(mark: Mark): void {
    this.known.value = afterMark(this.known.value, mark);
    this.marked.value = this.bitmap.share();
  }

  private show(history: MaskHistory): void {
    this.known.value = history;
    replay(this.bitmap, history);
    this.marked.value = this.bitmap.share();
    this.onPaint(this.bitmap.area);
  }
}

/** A click with a tool that needs a way marks nothing. */
function isNothing(draft: Draft): boolean {
  if (draft.kind === 'rectangle') {
    return Math.abs(draft.from.x - draft.to.x) < 1 || Math.abs(draft.from.y - draft.to.y) < 1;
  }
  return draft.points.length < 3;
}

import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import {
  fitView,
  keptInFrame,
  movedBy,
  pinched,
  zoomedAt,
  type Point,
  type Sides,
  type View,
} from './view-geometry.ts';

/** Zoom of one press of a key or button. */
const STEP = 1.4;
/** A small picture is not blown up more than this to fill its frame. */
const MOST_AT_FIT = 3;
const WHEEL_SPEED = 0.0022;
/** A trackpad's pinch comes as a wheel with the control key, in smaller steps. */
const PINCH_SPEED = 0.012;
const LINE_PX = 16;

/** Where an event happened. */
interface Where {
  clientX: number;
  clientY: number;
  target: EventTarget | null;
}

/** What a page does with a frame in which a picture is zoomed and moved. */
export interface PanZoom {
  view: ReadonlySignal<View>;
  /** Size of the frame in px; null until it is measured. */
  frame: ReadonlySignal<Sides | null>;
  /** Whether the whole picture is shown. */
  isFit: () => boolean;
  zoomBy: (factor: number, at?: Point) => void;
  zoomIn: () => void;
  zoomOut: () => void;
  /** Shows the whole picture. */
  fit: () => void;
  /** Shows it px for px. */
  showActualSize: (at?: Point) => void;
  moveBy: (by: Point) => void;
  /** Where an event happened, px of the frame. */
  pointOf: (event: Where) => Point;
  /** For `pointerdown`, `pointermove`, and `pointerup` and `pointercancel` of the frame. */
  pointers: {
    down: (event: PointerEvent) => boolean;
    move: (event: PointerEvent) => boolean;
    up: (event: PointerEvent) => void;
  };
}

/** An element once it is there. */
interface Held {
  readonly current: HTMLElement | null;
}

/**
 * Zooming and moving of one picture in a frame: the wheel zooms towards the pointer, two fingers pinch, one finger or the mouse
 * moves where `isDrag` says so.
 *
 * @param frames where it is shown; several of one size show it alike, and the first is measured
 * @param picture its size in px; null while it is not known
 * @param isDrag whether a pointer that goes down moves the picture, rather than doing something else
 */
export function usePanZoom(
  frames: Held | readonly Held[],
  picture: Sides | null,
  isDrag: (event: PointerEvent) => boolean,
): PanZoom {
  const held = 'current' in frames ? [frames] : frames;
  const view = useSignal<View>({ scale: 1, x: 0, y: 0 });
  const frame = useSignal<Sides | null>(null);
  const fingers = useRef(new Map<number, Point>());
  const dragging = useRef<number | null>(null);
  const isAtFit = useRef(true);

  const sides = (): { picture: Sides; frame: Sides } | null =>
    picture === null || frame.value === null ? null : { picture, frame: frame.value };
  const fitting = (): View => {
    const both = sides();
    return both === null ? view.value : fitView(both.picture, both.frame, MOST_AT_FIT);
  };
  const least = (): number => Math.min(fitting().scale, 1);
  const show = (next: View): void => {
    const both = sides();
    if (both === null) return;
    view.value = keptInFrame(next, both.picture, both.frame);
    isAtFit.current = Math.abs(next.scale / fitting().scale - 1) < 0.005;
  };
  const fit = (): void => show(fitting());
  const centre = (): Point => ({ x: (frame.value?.width ?? 0) / 2, y: (frame.value?.height ?? 0) / 2 });
  const zoomBy = (factor: number, at: Point = centre()): void => show(zoomedAt(view.value, at, factor, least()));
  const pointOf = ({ clientX, clientY, target }: Where): Point => {
    const under = held.find(({ current }) => target instanceof Node && current?.contains(target) === true);
    const box = (under ?? held[0])?.current?.getBoundingClientRect();
    return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
  };

  useEffect(() => {
    const box = held[0]?.current ?? null;
    if (box === null) return;
    const measure = (): void => {
      frame.value = { width: box.clientWidth, height: box.clientHeight };
      if (isAtFit.current) fit();
      else show(view.value);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [picture?.width, picture?.height]);
  useEffect(() => {
    isAtFit.current = true;
    fit();
  }, [picture?.width, picture?.height]);
  useEffect(() => {
    const boxes = held.map(({ current }) => current).filter((box) => box !== null);
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_PX : event.deltaY;
      zoomBy(Math.exp(-px * (event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED)), pointOf(event));
    };
    // Not passive: the page behind must not scroll or zoom.
    for (const box of boxes) box.addEventListener('wheel', wheel, { passive: false });
    return () => {
      for (const box of boxes) box.removeEventListener('wheel', wheel);
    };
  }, [picture?.width, picture?.height]);

  const down = (event: PointerEvent): boolean => {
    fingers.current.set(event.pointerId, pointOf(event));
    if (fingers.current.size > 1) {
      dragging.current = null;
      return true;
    }
    if (!isDrag(event)) return false;
    dragging.current = event.pointerId;
    return true;
  };
  const move = (event: PointerEvent): boolean => {
    const known = fingers.current;
    const before = known.get(event.pointerId);
    if (before === undefined) return false;
    const now = pointOf(event);
    if (known.size === 2) {
      const other = [...known].find(([id]) => id !== event.pointerId)?.[1] ?? before;
      show(pinched(view.value, [other, before], [other, now], least()));
    } else if (dragging.current === event.pointerId) {
      show(movedBy(view.value, { x: now.x - before.x, y: now.y - before.y }));
    }
    known.set(event.pointerId, now);
    return known.size > 1 || dragging.current === event.pointerId;
  };
  const up = ({ pointerId }: PointerEvent): void => {
    fingers.current.delete(pointerId);
    if (dragging.current === pointerId) dragging.current = null;
  };

  return {
    view,
    frame,
    isFit: () => isAtFit.current,
    zoomBy,
    zoomIn: () => zoomBy(STEP),
    zoomOut: () => zoomBy(1 / STEP),
    fit,
    showActualSize: (at) => zoomBy(1 / view.value.scale, at),
    moveBy: (by) => show(movedBy(view.value, by)),
    pointOf,
    pointers: { down, move, up },
  };
}

import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { Maximize, ZoomIn, ZoomOut } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { formatShare } from '../../i18n/format.ts';
import { IconButton } from '../button.tsx';
import { layerStyle } from '../pan-zoom/layer-style.ts';
import { usePanZoom } from '../pan-zoom/use-pan-zoom.ts';
import { onPicture, type Point } from '../pan-zoom/view-geometry.ts';
import type { MaskDrawing, MaskTool } from './mask-drawing.ts';
import styles from './mask-editor.module.css';
import { MaskGuides } from './mask-guides.tsx';
import { pressKey } from './mask-keys.ts';
import { paintMask, readColour } from './mask-paint.ts';
import { strings } from './strings.ts';

const MIDDLE_BUTTON = 1;

/** The picture with its mask, where it is drawn. */
export function MaskStage({
  drawing,
  tool,
  brush,
  src,
  alt,
}: {
  drawing: MaskDrawing;
  tool: Signal<MaskTool>;
  brush: Signal<number>;
  src: string;
  alt: string;
}): VNode {
  const texts = strings.value;
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = useRef<number | null>(null);
  const isSpaceHeld = useRef(false);
  const pointer = useSignal<Point | null>(null);
  const cross = useSignal<Point | null>(null);
  const helpId = useId();
  const { bitmap } = drawing;
  const panZoom = usePanZoom(
    stage,
    bitmap,
    ({ button }) => tool.value === 'hand' || button === MIDDLE_BUTTON || isSpaceHeld.current,
  );
  useMaskOn(canvas, drawing);

  const down = (event: PointerEvent): void => {
    if (event.target instanceof Element && event.target.closest('button') !== null) return;
    stage.current?.setPointerCapture(event.pointerId);
    cross.value = null;
    if (panZoom.pointers.down(event)) {
      drawing.abandon();
      pen.current = null;
    } else if (tool.value !== 'hand' && event.button <= 0) {
      pen.current = event.pointerId;
      const at = onPicture(panZoom.view.value, panZoom.pointOf(event));
      drawing.begin(tool.value, at, { radius: brush.value / 2, isErasing: event.altKey });
    }
  };
  const move = (event: PointerEvent): void => {
    pointer.value = panZoom.pointOf(event);
    if (panZoom.pointers.move(event) || pen.current !== event.pointerId) return;
    // A fast pen reports several points for one event.
    const all = event.getCoalescedEvents?.() ?? [];
    const points = (all.length === 0 ? [event] : all).map((one) => onPicture(panZoom.view.value, panZoom.pointOf(one)));
    drawing.extend(points);
  };
  const up = (event: PointerEvent): void => {
    panZoom.pointers.up(event);
    if (pen.current !== event.pointerId) return;
    pen.current = null;
    drawing.finish();
  };
  return (
    <div class={styles['frame']}>
      <div
        ref={stage}
        class={`${styles['stage']} ${styles[tool.value] ?? ''}`}
        style={{ aspectRatio: `${bitmap.width} / ${bitmap.height}` }}
        role="application"
        tabIndex={0}
        aria-label={texts.stage}
        aria-describedby={helpId}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onPointerLeave={() => (pointer.value = null)}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key === ' ' && tool.value !== 'lasso') isSpaceHeld.current = true;
          pressKey(event, { drawing, tool, brush, cross, panZoom });
        }}
        onKeyUp={(event) => {
          if (event.key === ' ') isSpaceHeld.current = false;
        }}
        onBlur={() => (isSpaceHeld.current = false)}
      >
        <div class={styles['layer']} style={layerStyle(bitmap, panZoom.view.value)}>
          <img src={src} alt={alt} draggable={false} />
          <canvas ref={canvas} width={bitmap.width} height={bitmap.height} />
        </div>
        <MaskGuides
          draft={drawing.draft.value}
          view={panZoom.view.value}
          tool={tool.value}
          brush={brush.value}
          pointer={pointer.value}
          cross={cross.value}
        />
      </div>
      <div class={styles['zoom']}>
        <IconButton isSmall icon={ZoomOut} label={texts.zoomOut} onClick={panZoom.zoomOut} />
        <IconButton isSmall icon={Maximize} label={texts.fit} onClick={panZoom.fit} />
        <IconButton isSmall icon={ZoomIn} label={texts.zoomIn} onClick={panZoom.zoomIn} />
      </div>
      <p id={helpId} class="visually-hidden">
        {texts.keys}
      </p>
      <CrossPlace cross={cross} width={bitmap.width} height={bitmap.height} />
    </div>
  );
}

/** Keeps the canvas as the mask is. */
function useMaskOn(canvas: { current: HTMLCanvasElement | null }, drawing: MaskDrawing): void {
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const colour = readColour(getComputedStyle(element).color);
    drawing.onPaint = (area) => paintMask(element, drawing.bitmap, area, colour);
    drawing.onPaint(drawing.bitmap.area);
    return () => {
      drawing.onPaint = () => undefined;
    };
  }, [drawing]);
}

/** Says where the cross of the keyboard is. */
function CrossPlace({
  cross,
  width,
  height,
}: {
  cross: ReadonlySignal<Point | null>;
  width: number;
  height: number;
}): VNode {
  const at = cross.value;
  return (
    <p class="visually-hidden" aria-live="polite">
      {at === null ? '' : strings.value.cursorAt(formatShare(at.x / width, 0), formatShare(at.y / height, 0))}
    </p>
  );
}

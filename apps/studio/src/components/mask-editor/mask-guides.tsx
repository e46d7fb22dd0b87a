import type { VNode } from 'preact';
import { onFrame, type Point, type View } from '../pan-zoom/view-geometry.ts';
import type { Draft, MaskTool } from './mask-drawing.ts';
import styles from './mask-editor.module.css';

const CROSS = 9;

/** Lines over the picture that are no part of the mask: what is being drawn, the brush under the pointer, and the keyboard's cross. */
export function MaskGuides({
  draft,
  view,
  tool,
  brush,
  pointer,
  cross,
}: {
  draft: Draft | null;
  view: View;
  tool: MaskTool;
  brush: number;
  /** px of the frame */
  pointer: Point | null;
  /** px of the picture */
  cross: Point | null;
}): VNode {
  const crossAt = cross === null ? null : onFrame(view, cross);
  const brushAt = crossAt ?? pointer;
  const hasBrush = (tool === 'brush' || tool === 'eraser') && brushAt !== null;
  const line = draft === null ? '' : outlineOf(draft, view);
  return (
    <svg class={styles['guides']} aria-hidden="true">
      {line !== '' && <Doubled shape={(kind) => <path class={kind} d={line} />} />}
      {hasBrush && (
        <Doubled
          shape={(kind) => (
            <circle class={kind} cx={brushAt.x} cy={brushAt.y} r={Math.max((brush / 2) * view.scale, 2)} />
          )}
        />
      )}
      {crossAt !== null && (
        <Doubled
          shape={(kind) => (
            <path
              class={kind}
              d={`M${crossAt.x - CROSS} ${crossAt.y}h${CROSS * 2}M${crossAt.x} ${crossAt.y - CROSS}v${CROSS * 2}`}
            />
          )}
        />
      )}
    </svg>
  );
}

/** A dark line under a bright one is seen on every picture. */
function Doubled({ shape }: { shape: (kind: string) => VNode }): VNode {
  return (
    <>
      {shape(styles['under'] ?? '')}
      {shape(styles['over'] ?? '')}
    </>
  );
}

function outlineOf(draft: Draft, view: View): string {
  if (draft.kind === 'stroke') return '';
  const corners =
    draft.kind === 'rectangle'
      ? [draft.from, { x: draft.to.x, y: draft.from.y }, draft.to, { x: draft.from.x, y: draft.to.y }]
      : draft.points;
  const places = corners.map((corner) => onFrame(view, corner));
  return `M${places.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
}

import type { Signal } from '@preact/signals';
import { MoveHorizontal } from 'lucide';
import type { VNode } from 'preact';
import { Icon } from '../../../components/icon.tsx';
import { strings } from './strings.ts';
import styles from './viewer-stage.module.css';

const STEP = 0.02;
const LARGE_STEP = 0.1;
const LEAST = 0.02;

/** The line between two pictures; it is moved by pointer, arrow keys, Home and End. */
export function CompareDivider({
  share,
  frame,
}: {
  /** Where it is, 0 to 1 from the left. */
  share: Signal<number>;
  frame: { readonly current: HTMLElement | null };
}): VNode {
  const place = (value: number): void => {
    share.value = Math.min(Math.max(value, LEAST), 1 - LEAST);
  };
  const drag = (event: PointerEvent): void => {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined || !(event.currentTarget instanceof Element)) return;
    if (event.currentTarget.hasPointerCapture(event.pointerId)) place((event.clientX - box.left) / box.width);
  };
  const press = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const targets: Record<string, number> = {
      ArrowLeft: share.value - step,
      ArrowRight: share.value + step,
      Home: 0,
      End: 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    place(target);
  };
  return (
    <div
      class={styles['divider']}
      style={{ left: `${share.value * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={strings.value.divider}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share.value * 100)}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onKeyDown={press}
    >
      <span>
        <Icon node={MoveHorizontal} size={18} />
      </span>
    </div>
  );
}

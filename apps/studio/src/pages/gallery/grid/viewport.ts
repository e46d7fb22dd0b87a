import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** The stretch of an element that is on the screen, px from its top, and how wide it is. */
export interface Viewport {
  top: number;
  bottom: number;
  width: number;
}

/** Steps in which a stretch is told, px: what is drawn changes once per step and not with every frame. */
const STEP = 240;

/** Follows which stretch of an element the window shows. */
export function useViewport(element: RefObject<HTMLElement | null>): ReadonlySignal<Viewport> {
  const view = useSignal<Viewport>({ top: 0, bottom: 0, width: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    let frame = 0;
    const measure = (): void => {
      frame = 0;
      const { top, width } = target.getBoundingClientRect();
      const from = Math.max(0, Math.floor(-top / STEP) * STEP);
      const to = Math.ceil((window.innerHeight - top) / STEP) * STEP;
      const before = view.peek();
      if (before.top === from && before.bottom === to && before.width === width) return;
      view.value = { top: from, bottom: to, width: Math.floor(width) };
    };
    const later = (): void => {
      if (frame === 0) frame = requestAnimationFrame(measure);
    };
    measure();
    const sizes = new ResizeObserver(later);
    sizes.observe(target);
    window.addEventListener('scroll', later, { passive: true });
    window.addEventListener('resize', later);
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      window.removeEventListener('scroll', later);
      window.removeEventListener('resize', later);
    };
  }, []);
  return view;
}

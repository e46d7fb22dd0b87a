import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Sides } from '../../../components/pan-zoom/view-geometry.ts';

/** A picture on its way. */
export type LoadedPicture = { kind: 'loading' } | { kind: 'there'; sides: Sides } | { kind: 'failed' };

/** Loads a picture and tells its size. @param turn another number loads it again */
export function useLoadedPicture(src: string, turn = 0): ReadonlySignal<LoadedPicture> {
  const state = useSignal<LoadedPicture>({ kind: 'loading' });
  useEffect(() => {
    state.value = { kind: 'loading' };
    const image = new Image();
    const isThere = (): void => {
      state.value = { kind: 'there', sides: { width: image.naturalWidth, height: image.naturalHeight } };
    };
    image.onload = isThere;
    image.onerror = () => (state.value = { kind: 'failed' });
    image.src = src;
    if (image.complete && image.naturalWidth > 0) isThere();
    return () => {
      image.onload = image.onerror = null;
    };
  }, [src, turn]);
  return state;
}

import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const NARROW = '(width < 640px)';

/** Whether the window is too narrow for a table, now and after it is resized. */
export function useNarrow(): ReadonlySignal<boolean> {
  const isNarrow = useSignal(matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const note = (): void => void (isNarrow.value = query.matches);
    query.addEventListener('change', note);
    return () => query.removeEventListener('change', note);
  }, []);
  return isNarrow;
}

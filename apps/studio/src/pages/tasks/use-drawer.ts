import { useLocation } from 'preact-iso';
import { useEffect, useRef } from 'preact/hooks';
import { strings } from './strings.ts';
import { tablePath } from './table/task-link.ts';

/**
 * Keeps the page as it is while a drawer opens and closes over it: its place, its name in the browser's tab, and the history, so
 * that closing is the same as going back wherever the drawer was opened from the table.
 */
export function useDrawer(openId: string | null, search: string): { close: () => void } {
  const { route } = useLocation();
  const { title, taskTitle } = strings.value;
  const before = useRef<{ openId: string | null } | null>(null);
  const wasOpenedHere = useRef(false);
  const place = useRef(0);
  const isOpen = useRef(false);
  isOpen.current = openId !== null;
  useEffect(() => {
    const note = (): void => {
      if (!isOpen.current) place.current = scrollY;
    };
    addEventListener('scroll', note, { passive: true });
    return () => removeEventListener('scroll', note);
  }, []);
  useEffect(() => {
    if (openId === null) wasOpenedHere.current = false;
    else if (before.current !== null && before.current.openId === null) {
      wasOpenedHere.current = true;
      // The router scrolls to the top of what it takes for a new page.
      scrollTo(0, place.current);
    }
    before.current = { openId };
  }, [openId]);
  useEffect(() => {
    document.title = `${openId === null ? title : taskTitle(openId)} · Journeyman`;
  }, [openId, title]);
  const close = (): void => {
    if (wasOpenedHere.current) history.back();
    else route(tablePath(search), true);
  };
  return { close };
}

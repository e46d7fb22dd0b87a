import type { PanZoom } from '../../../components/pan-zoom/use-pan-zoom.ts';

/** What keys of the viewer do. */
export interface KeyActions {
  panZoom: PanZoom | null;
  step: (by: 1 | -1) => void;
  toEnd: (end: 'first' | 'last') => void;
  compare: () => void;
  download: () => void;
  copyLink: () => void;
  help: () => void;
}

const MOVE_PX = 80;
const TYPED_INTO = 'input, select, textarea';

/** Does what a key stands for. @returns whether it stands for something */
export function pressViewerKey(event: KeyboardEvent, actions: KeyActions): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.target instanceof Element && event.target.closest(TYPED_INTO) !== null) return false;
  const { panZoom } = actions;
  const isZoomed = panZoom !== null && !panZoom.isFit();
  // The browser's own keys of a film stay with the film.
  const isOnFilm = event.target instanceof HTMLVideoElement;
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      if (isOnFilm) return false;
      if (event.shiftKey && isZoomed) panZoom.moveBy({ x: event.key === 'ArrowLeft' ? MOVE_PX : -MOVE_PX, y: 0 });
      else actions.step(event.key === 'ArrowLeft' ? -1 : 1);
      return true;
    case 'ArrowUp':
    case 'ArrowDown':
      if (!isZoomed) return false;
      panZoom.moveBy({ x: 0, y: event.key === 'ArrowUp' ? MOVE_PX : -MOVE_PX });
      return true;
    case 'Home':
    case 'End':
      if (isOnFilm) return false;
      actions.toEnd(event.key === 'Home' ? 'first' : 'last');
      return true;
    case '+':
    case '=':
      panZoom?.zoomIn();
      return true;
    case '-':
      panZoom?.zoomOut();
      return true;
    case '0':
      panZoom?.fit();
      return true;
    case '1':
      panZoom?.showActualSize();
      return true;
    case 'c':
      actions.compare();
      return true;
    case 'd':
      actions.download();
      return true;
    case 'l':
      actions.copyLink();
      return true;
    case '?':
      actions.help();
      return true;
    default:
      return false;
  }
}

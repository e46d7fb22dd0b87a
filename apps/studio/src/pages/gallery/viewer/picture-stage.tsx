import { useSignal, type Signal } from '@preact/signals';
import { RefreshCw } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { Button } from '../../../components/button.tsx';
import { layerStyle } from '../../../components/pan-zoom/layer-style.ts';
import { usePanZoom, type PanZoom } from '../../../components/pan-zoom/use-pan-zoom.ts';
import type { Point } from '../../../components/pan-zoom/view-geometry.ts';
import { strings } from './strings.ts';
import { useLoadedPicture } from './use-loaded-picture.ts';
import styles from './viewer-stage.module.css';

const THUMB = 512;
const SWIPE_PX = 60;
/** Nearer, where a double click would otherwise change nothing. */
const NEARER = 2.5;

/** One picture that is zoomed and moved. @param onSwipe called with 1 for the next one, with -1 for the one before */
export function PictureStage({
  link,
  alt,
  panZoom: shared,
  onSwipe,
}: {
  link: string;
  alt: string;
  /** Set to what zooms this picture while it is shown. */
  panZoom: Signal<PanZoom | null>;
  onSwipe: (step: 1 | -1) => void;
}): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const turn = useSignal(0);
  const loaded = useLoadedPicture(pictureUrl(link), turn.value).value;
  const sides = loaded.kind === 'there' ? loaded.sides : null;
  const panZoom = usePanZoom(frame, sides, ({ button }) => button <= 1);
  const swipe = useRef<Point | null>(null);
  useEffect(() => {
    shared.value = panZoom;
    return () => {
      if (shared.value === panZoom) shared.value = null;
    };
  }, [link, sides?.width]);

  const down = (event: PointerEvent): void => {
    frame.current?.setPointerCapture(event.pointerId);
    swipe.current = panZoom.isFit() && event.pointerType === 'touch' && event.isPrimary ? panZoom.pointOf(event) : null;
    panZoom.pointers.down(event);
  };
  const up = (event: PointerEvent): void => {
    panZoom.pointers.up(event);
    const from = swipe.current;
    swipe.current = null;
    if (from === null || !panZoom.isFit()) return;
    const to = panZoom.pointOf(event);
    const [across, along] = [to.x - from.x, Math.abs(to.y - from.y)];
    if (Math.abs(across) > SWIPE_PX && Math.abs(across) > along * 2) onSwipe(across < 0 ? 1 : -1);
  };
  const toggle = (event: MouseEvent): void => {
    if (!panZoom.isFit()) panZoom.fit();
    else if (panZoom.view.value.scale < 0.95) panZoom.showActualSize(panZoom.pointOf(event));
    else panZoom.zoomBy(NEARER, panZoom.pointOf(event));
  };
  return (
    <div
      ref={frame}
      class={`${styles['frame']} ${panZoom.isFit() ? '' : styles['movable']}`}
      onPointerDown={down}
      onPointerMove={(event) => void panZoom.pointers.move(event)}
      onPointerUp={up}
      onPointerCancel={up}
      onDblClick={toggle}
    >
      {sides === null ? (
        <img class={styles['whole']} src={pictureUrl(link, THUMB)} alt={alt} draggable={false} />
      ) : (
        <img
          class={styles['layer']}
          style={layerStyle(sides, panZoom.view.value)}
          src={pictureUrl(link)}
          alt={alt}
          draggable={false}
        />
      )}
      {loaded.kind === 'loading' && (
        <div class={styles['progress']} role="progressbar" aria-label={strings.value.loading} />
      )}
      {loaded.kind === 'failed' && (
        <div class={styles['failed']} role="alert">
          <p>{strings.value.failed}</p>
          <Button icon={RefreshCw} onClick={() => (turn.value += 1)}>
            {strings.value.again}
          </Button>
        </div>
      )}
    </div>
  );
}

import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { layerStyle } from '../../../components/pan-zoom/layer-style.ts';
import { usePanZoom, type PanZoom } from '../../../components/pan-zoom/use-pan-zoom.ts';
import { CompareDivider } from './compare-divider.tsx';
import { useLoadedPicture } from './use-loaded-picture.ts';
import styles from './viewer-stage.module.css';

/** How two pictures are compared. */
export type CompareWay = 'slider' | 'sides';

/** A picture with what it is called. */
export interface Named {
  link: string;
  name: string;
}

const HALF = 0.5;

/** Two pictures that are zoomed and moved as one: one over the other with a line between, or side by side. */
export function CompareStage({
  one,
  other,
  way,
  panZoom: shared,
}: {
  one: Named;
  other: Named;
  way: CompareWay;
  panZoom: Signal<PanZoom | null>;
}): VNode {
  const first = useRef<HTMLDivElement>(null);
  const second = useRef<HTMLDivElement>(null);
  const share = useSignal(HALF);
  const loaded = useLoadedPicture(pictureUrl(one.link)).value;
  const sides = loaded.kind === 'there' ? loaded.sides : null;
  const panZoom = usePanZoom([first, second], sides, ({ button }) => button <= 1);
  useEffect(() => {
    shared.value = panZoom;
    return () => {
      if (shared.value === panZoom) shared.value = null;
    };
  }, [one.link, sides?.width, way]);
  // The second one is shown in the place of the first, whatever its own size is.
  const place = sides === null ? null : layerStyle(sides, panZoom.view.value);
  const picture = ({ link, name }: Named): VNode => (
    <img
      class={place === null ? styles['whole'] : styles['layer']}
      style={place ?? {}}
      src={pictureUrl(link)}
      alt={name}
      draggable={false}
    />
  );
  const frameOf = (content: VNode | VNode[], name: string, element?: { current: HTMLDivElement | null }): VNode => (
    <div
      ref={element}
      class={`${styles['frame']} ${panZoom.isFit() ? '' : styles['movable']}`}
      onPointerDown={(event) => {
        if (!(event.target instanceof Element) || event.target.closest('[role="slider"]') !== null) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        panZoom.pointers.down(event);
      }}
      onPointerMove={(event) => void panZoom.pointers.move(event)}
      onPointerUp={panZoom.pointers.up}
      onPointerCancel={panZoom.pointers.up}
      onDblClick={(event) => (panZoom.isFit() ? panZoom.showActualSize(panZoom.pointOf(event)) : panZoom.fit())}
    >
      {content}
      <p class={styles['caption']}>{name}</p>
    </div>
  );
  if (way === 'sides') {
    return (
      <div class={styles['pair']}>
        {frameOf(picture(one), one.name, first)}
        {frameOf(picture(other), other.name, second)}
      </div>
    );
  }
  const cut = `${share.value * 100}%`;
  return frameOf(
    [
      <div key="one" class={styles['half']}>
        {picture(one)}
      </div>,
      <div key="other" class={styles['half']} style={{ clipPath: `inset(0 0 0 ${cut})` }}>
        {picture(other)}
      </div>,
      <CompareDivider key="line" share={share} frame={first} />,
      <p key="name" class={`${styles['caption']} ${styles['right']}`}>
        {other.name}
      </p>,
    ],
    one.name,
    first,
  );
}

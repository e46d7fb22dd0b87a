import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatShare } from '../../i18n/format.ts';
import type { Sides } from '../pan-zoom/view-geometry.ts';
import { MaskDrawing, type MaskTool } from './mask-drawing.ts';
import styles from './mask-editor.module.css';
import type { MaskHistory } from './mask-history.ts';
import { maskDataUrl } from './mask-png.ts';
import { MaskRectangleFields } from './mask-rectangle-fields.tsx';
import { MaskStage } from './mask-stage.tsx';
import { MaskToolbar } from './mask-toolbar.tsx';
import { strings } from './strings.ts';

/** What is marked on a picture. */
export interface MarkedRegion {
  /** Share of the picture, 0 to 1; 0: nothing is marked. */
  share: number;
  /** What was done, so that the same mask can be opened again. */
  history: MaskHistory;
  /** PNG data URL of the picture's own size, white where it is marked, else black. */
  toDataUrl: () => Promise<string>;
}

const FIRST_BRUSH = 0.09;

/**
 * A picture on which a region is marked that is to be painted anew: by brush, eraser, rectangle and lasso; by mouse, pen,
 * fingers, keyboard or numbers.
 *
 * @param src address of the picture, of this origin
 * @param earlier what was marked before
 * @param onChange called after each stroke, and once when the picture is there
 */
export function MaskEditor({
  src,
  alt,
  earlier,
  onChange,
}: {
  src: string;
  alt: string;
  earlier?: MaskHistory | undefined;
  onChange: (region: MarkedRegion) => void;
}): VNode {
  const drawing = useSignal<MaskDrawing | null>(null);
  const hasFailed = useSignal(false);
  const onLoaded = ({ width, height }: Sides): void => {
    hasFailed.value = false;
    drawing.value = new MaskDrawing({ width, height }, earlier);
  };
  useEffect(() => {
    drawing.value = null;
    const image = new Image();
    image.onload = () => onLoaded({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => (hasFailed.value = true);
    image.src = src;
    return () => {
      image.onload = image.onerror = null;
    };
  }, [src]);
  if (drawing.value === null) {
    const { pictureFailed, pictureLoading } = strings.value;
    return (
      <p class={styles['waiting']} role={hasFailed.value ? 'alert' : 'status'}>
        {hasFailed.value ? pictureFailed : pictureLoading}
      </p>
    );
  }
  return <Editor key={src} drawing={drawing.value} src={src} alt={alt} onChange={onChange} />;
}

function Editor({
  drawing,
  src,
  alt,
  onChange,
}: {
  drawing: MaskDrawing;
  src: string;
  alt: string;
  onChange: (region: MarkedRegion) => void;
}): VNode {
  const tool = useSignal<MaskTool>('brush');
  const shorter = Math.min(drawing.bitmap.width, drawing.bitmap.height);
  const brush = useSignal(Math.max(2, Math.round(shorter * FIRST_BRUSH)));
  const listener = useRef(onChange);
  listener.current = onChange;
  useSignalEffect(() => {
    const region = { share: drawing.share.value, history: drawing.history.value };
    listener.current({ ...region, toDataUrl: () => maskDataUrl(drawing.bitmap) });
  });
  const said = useComputed(() => {
    const { nothingMarked, marked } = strings.value;
    return drawing.share.value === 0 ? nothingMarked : marked(formatShare(drawing.share.value));
  });
  return (
    <div class={styles['editor']}>
      <MaskToolbar drawing={drawing} tool={tool} brush={brush} largest={Math.round(shorter / 2)} />
      <MaskStage drawing={drawing} tool={tool} brush={brush} src={src} alt={alt} />
      <p class={styles['status']} role="status">
        {said}
      </p>
      {tool.value === 'rectangle' && <MaskRectangleFields drawing={drawing} />}
    </div>
  );
}

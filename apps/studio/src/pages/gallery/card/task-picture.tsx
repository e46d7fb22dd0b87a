import { useSignal } from '@preact/signals';
import { ImageOff } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { Icon } from '../../../components/icon.tsx';
import { strings } from '../strings.ts';
import styles from './task-picture.module.css';

type Width = 128 | 256 | 512 | 1024 | 2048;
const WIDTHS: readonly Width[] = [128, 256, 512, 1024, 2048];
const RETRIES_MS = [2_000, 8_000, 30_000];
/** A picture whose shape is this much off its place is shown whole, with room at its sides. */
const MOST_CROPPED = 1.12;

/** The smallest of the widths that pictures come in which is sharp on this screen. @param css px */
export function widthFor(css: number): Width {
  const needed = css * Math.min(window.devicePixelRatio, 2);
  return WIDTHS.find((width) => width >= needed * 0.9) ?? 2048;
}

/** A picture of the gateway in a place of known size; it is tried again for a while when it does not come. */
export function TaskPicture({
  link,
  alt,
  width,
  height,
  onShape,
}: {
  link: string;
  alt: string;
  /** px of its place */
  width: number;
  height: number;
  /** Told the picture's own width for a height of 1. */
  onShape?: (ratio: number) => void;
}): VNode {
  const tries = useSignal(0);
  const isBroken = useSignal(false);
  const isWhole = useSignal(false);
  const isThere = useSignal(false);
  useEffect(() => {
    tries.value = 0;
    isBroken.value = false;
  }, [link]);
  useEffect(() => {
    const pause = RETRIES_MS[tries.value];
    if (!isBroken.value || pause === undefined) return;
    const timer = setTimeout(() => {
      tries.value += 1;
      isBroken.value = false;
    }, pause);
    return () => clearTimeout(timer);
  }, [isBroken.value]);
  const loaded = ({ currentTarget: { naturalWidth, naturalHeight } }: { currentTarget: HTMLImageElement }): void => {
    isThere.value = true;
    if (naturalWidth === 0 || naturalHeight === 0) return;
    const off = naturalWidth / naturalHeight / (width / height);
    isWhole.value = off > MOST_CROPPED || off < 1 / MOST_CROPPED;
    onShape?.(naturalWidth / naturalHeight);
  };
  if (isBroken.value) {
    return (
      <div class={styles['broken']} role="img" aria-label={alt}>
        <Icon node={ImageOff} size={22} />
        <p>{strings.value.card.broken}</p>
      </div>
    );
  }
  return (
    <img
      key={tries.value}
      class={`${styles['picture']} ${isWhole.value ? styles['whole'] : ''} ${isThere.value ? styles['there'] : ''}`}
      src={pictureUrl(link, widthFor(width))}
      alt={alt}
      width={width}
      height={height}
      decoding="async"
      draggable={false}
      onLoad={loaded}
      onError={() => (isBroken.value = true)}
    />
  );
}

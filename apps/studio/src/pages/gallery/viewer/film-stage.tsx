import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { CheckField } from '../../../components/field.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import { strings } from './strings.ts';
import type { ViewerItem } from './viewer-items.ts';
import styles from './viewer-stage.module.css';

const SPEEDS = [0.25, 0.5, 1, 1.5, 2] as const;

/** A film that plays, with its speed, and whether it begins again at its end. */
export function FilmStage({ item, alt }: { item: ViewerItem; alt: string }): VNode {
  const texts = strings.value;
  const film = useRef<HTMLVideoElement>(null);
  const speed = useSignal(1);
  const isLooped = useSignal(true);
  const hasFailed = useSignal(false);
  useEffect(() => {
    if (film.current !== null) film.current.playbackRate = speed.value;
  }, [speed.value, item.link]);
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return (
    <div class={styles['film']}>
      {hasFailed.value && (
        <p class={styles['failed']} role="alert">
          {texts.filmFailed}
        </p>
      )}
      <video
        ref={film}
        key={item.link}
        src={pictureUrl(item.link)}
        {...(item.poster === '' ? {} : { poster: pictureUrl(item.poster, 1024) })}
        aria-label={alt}
        controls
        autoplay={!isStill}
        muted
        playsInline
        loop={isLooped.value}
        onLoadedMetadata={(event) => (event.currentTarget.playbackRate = speed.value)}
        onError={() => (hasFailed.value = true)}
      />
      <div class={styles['filmTools']}>
        <label>
          {texts.speed}
          <select value={String(speed.value)} onChange={(event) => (speed.value = Number(event.currentTarget.value))}>
            {SPEEDS.map((value) => (
              <option key={value} value={String(value)}>
                {texts.times(formatNumber(value, 2))}
              </option>
            ))}
          </select>
        </label>
        <CheckField label={texts.loop} isChecked={isLooped.value} onChange={(value) => (isLooped.value = value)} />
      </div>
    </div>
  );
}

import type { Signal } from '@preact/signals';
import {
  Columns2,
  Download,
  ExternalLink,
  FileImage,
  Info,
  Keyboard,
  Link,
  Maximize,
  SquareSplitHorizontal,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide';
import type { VNode } from 'preact';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { Button, ButtonLink, IconButton } from '../../../components/button.tsx';
import type { PanZoom } from '../../../components/pan-zoom/use-pan-zoom.ts';
import { formatShare } from '../../../i18n/format.ts';
import type { CompareWay } from './compare-stage.tsx';
import { canCopyPictures, download } from './picture-files.ts';
import { strings } from './strings.ts';
import type { ViewerItem } from './viewer-items.ts';
import styles from './viewer.module.css';

/** What can be done with what is shown. */
export function ViewerTools({
  item,
  panZoom,
  comparing,
  canCompare,
  onCompare,
  onCopyLink,
  onCopyPicture,
  onOpenTask,
  onHelp,
}: {
  item: ViewerItem;
  panZoom: PanZoom | null;
  /** null: nothing is compared. */
  comparing: Signal<CompareWay | null>;
  canCompare: boolean;
  onCompare: () => void;
  onCopyLink: () => void;
  onCopyPicture: () => void;
  onOpenTask: () => void;
  onHelp: () => void;
}): VNode {
  const texts = strings.value;
  const isFilm = item.kind === 'film';
  const way = comparing.value;
  return (
    <div class={styles['tools']}>
      {!isFilm && (
        <div class={styles['set']} role="group" aria-label={texts.zoom}>
          <IconButton isSmall icon={ZoomOut} label={texts.zoomOut} onClick={() => panZoom?.zoomOut()} />
          <button
            type="button"
            class={styles['scale']}
            title={texts.actualSize}
            onClick={() => panZoom?.showActualSize()}
          >
            <span class="visually-hidden">{texts.actualSize}: </span>
            {formatShare(panZoom?.view.value.scale ?? 1, 0)}
          </button>
          <IconButton isSmall icon={ZoomIn} label={texts.zoomIn} onClick={() => panZoom?.zoomIn()} />
          <IconButton isSmall icon={Maximize} label={texts.fit} onClick={() => panZoom?.fit()} />
        </div>
      )}
      {canCompare && (
        <div class={styles['set']} role="group" aria-label={texts.comparing}>
          {way === null ? (
            <IconButton isSmall icon={SquareSplitHorizontal} label={texts.compare} onClick={onCompare} />
          ) : (
            <>
              <IconButton
                isSmall
                icon={SquareSplitHorizontal}
                label={texts.bySlider}
                aria-pressed={way === 'slider'}
                onClick={() => (comparing.value = 'slider')}
              />
              <IconButton
                isSmall
                icon={Columns2}
                label={texts.sideBySide}
                aria-pressed={way === 'sides'}
                onClick={() => (comparing.value = 'sides')}
              />
              <Button kind="quiet" isSmall icon={X} onClick={onCompare}>
                {texts.endCompare}
              </Button>
            </>
          )}
        </div>
      )}
      <div class={styles['set']} role="group" aria-label={texts.file}>
        <IconButton isSmall icon={Download} label={texts.download} onClick={() => download(item.link)} />
        <IconButton isSmall icon={Link} label={texts.copyLink} onClick={onCopyLink} />
        {!isFilm && canCopyPictures() && (
          <IconButton isSmall icon={FileImage} label={texts.copyPicture} onClick={onCopyPicture} />
        )}
        <ButtonLink kind="quiet" isSmall icon={ExternalLink} href={pictureUrl(item.link)} target="_blank">
          <span class="visually-hidden">{texts.newTab}</span>
        </ButtonLink>
      </div>
      <div class={styles['set']}>
        <IconButton isSmall icon={Info} label={texts.openTask} onClick={onOpenTask} />
        <span class={styles['keyboardOnly']}>
          <IconButton isSmall icon={Keyboard} label={texts.keys} onClick={onHelp} />
        </span>
      </div>
    </div>
  );
}

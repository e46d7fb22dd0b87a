import { useSignal } from '@preact/signals';
import { ChevronLeft, ChevronRight } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Task } from '../../../api/client.ts';
import { IconButton } from '../../../components/button.tsx';
import { copyText } from '../../../components/copy-button.tsx';
import type { PanZoom } from '../../../components/pan-zoom/use-pan-zoom.ts';
import { toast } from '../../../components/toasts.tsx';
import { titleOf } from '../action-text.ts';
import { CompareStage, type CompareWay } from './compare-stage.tsx';
import { FilmStage } from './film-stage.tsx';
import { copyPicture, download, preload } from './picture-files.ts';
import { PictureStage } from './picture-stage.tsx';
import { strings } from './strings.ts';
import type { Relatives } from './use-relatives.ts';
import { ViewerHelp } from './viewer-help.tsx';
import { counterpart, isSame, type ViewerItem } from './viewer-items.ts';
import { pressViewerKey } from './viewer-keys.ts';
import { itemName, nameAmong, relatedItems, stripGroups } from './viewer-names.ts';
import { ViewerShell } from './viewer-shell.tsx';
import { ViewerStrip } from './viewer-strip.tsx';
import { ViewerTools } from './viewer-tools.tsx';
import styles from './viewer.module.css';

/** One item in full, with what can be done with it and the way to its neighbours and relatives. */
export function ViewerRoom({
  task,
  items,
  item,
  relatives,
  taskOf,
  onShow,
  onOpen,
  onClose,
}: {
  task: Task;
  items: readonly ViewerItem[];
  item: ViewerItem;
  relatives: Relatives;
  taskOf: (taskId: string) => Task;
  onShow: (item: ViewerItem) => void;
  onOpen: (id: string) => void;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const panZoom = useSignal<PanZoom | null>(null);
  const comparing = useSignal<CompareWay | null>(null);
  const compared = useSignal<ViewerItem | null>(null);
  const isHelpOpen = useSignal(false);
  const at = items.findIndex((one) => isSame(one, item));
  const related = relatedItems(task, relatives);
  const match = counterpart(item, items, related);
  const canCompare = item.kind !== 'film' && match !== null;

  const step = (by: 1 | -1): void => {
    const next = items[(at + by + items.length) % items.length];
    if (next !== undefined && items.length > 1) onShow(next);
  };
  const compare = (): void => {
    if (comparing.value !== null) comparing.value = null;
    else if (canCompare) comparing.value = 'slider';
    compared.value = null;
  };
  const choose = (chosen: ViewerItem): void => {
    if (comparing.value !== null && chosen.kind !== 'film') compared.value = chosen;
    else onShow(chosen);
  };
  const copyLink = (): void => {
    void copyText(item.link).then(() => toast(texts.linkCopied, 'success'));
  };
  const copyIt = (): void => {
    copyPicture(item.link).then(
      () => toast(texts.pictureCopied, 'success'),
      () => toast(texts.copyFailed, 'danger'),
    );
  };
  useEffect(() => {
    for (const by of [1, -1]) {
      const next = items[(at + by + items.length) % items.length];
      if (next !== undefined && next.kind !== 'film' && !isSame(next, item)) preload(next.link);
    }
  }, [item.link, items.length]);
  useEffect(() => {
    if (!canCompare) comparing.value = null;
  }, [canCompare]);

  const alt = `${itemName(item)}: ${titleOf(task)}`;
  const other = compared.value !== null && !isSame(compared.value, item) ? compared.value : match;
  const named = (one: ViewerItem): { link: string; name: string } => ({
    link: one.link,
    name: one.taskId === task.id ? itemName(one) : nameAmong(taskOf(one.taskId), one),
  });
  const way = comparing.value;
  const isComparing = way !== null && canCompare && other !== null;
  return (
    <ViewerShell
      title={titleOf(task)}
      {...(items.length > 1 ? { place: `${itemName(item)} · ${texts.placeOf(at + 1, items.length)}` } : {})}
      onClose={onClose}
      onKey={(event) =>
        pressViewerKey(event, {
          panZoom: panZoom.value,
          step,
          toEnd: (end) => {
            const last = items.at(end === 'first' ? 0 : -1);
            if (last !== undefined) onShow(last);
          },
          compare,
          download: () => download(item.link),
          copyLink,
          help: () => (isHelpOpen.value = true),
        })
      }
      tools={
        <ViewerTools
          item={item}
          panZoom={panZoom.value}
          comparing={comparing}
          canCompare={canCompare}
          onCompare={compare}
          onCopyLink={copyLink}
          onCopyPicture={copyIt}
          onOpenTask={() => onOpen(task.id)}
          onHelp={() => (isHelpOpen.value = true)}
        />
      }
    >
      <div class={styles['shown']}>
        {item.kind === 'film' ? (
          <FilmStage item={item} alt={alt} />
        ) : isComparing ? (
          <CompareStage key={way} one={named(item)} other={named(other)} way={way} panZoom={panZoom} />
        ) : (
          <PictureStage key={item.link} link={item.link} alt={alt} panZoom={panZoom} onSwipe={step} />
        )}
        {items.length > 1 && !isComparing && (
          <>
            <span class={styles['before']}>
              <IconButton kind="plain" icon={ChevronLeft} label={texts.before} onClick={() => step(-1)} />
            </span>
            <span class={styles['next']}>
              <IconButton kind="plain" icon={ChevronRight} label={texts.next} onClick={() => step(1)} />
            </span>
          </>
        )}
      </div>
      {isComparing && <p class={styles['advice']}>{texts.chooseOther}</p>}
      <ViewerStrip
        groups={stripGroups(task, relatives)}
        shown={item}
        compared={isComparing ? other : null}
        onChoose={choose}
      />
      {isHelpOpen.value && <ViewerHelp onClose={() => (isHelpOpen.value = false)} />}
    </ViewerShell>
  );
}

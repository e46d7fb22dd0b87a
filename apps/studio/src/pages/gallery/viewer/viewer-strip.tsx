import { Grid2x2, Play } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { Icon } from '../../../components/icon.tsx';
import { isSame, type ViewerItem } from './viewer-items.ts';
import styles from './viewer-strip.module.css';

/** Small pictures under a heading. */
export interface StripGroup {
  title: string;
  items: readonly { item: ViewerItem; name: string }[];
}

const THUMB = 128;

/** Small pictures to choose from: those of the task, and those of its relatives. */
export function ViewerStrip({
  groups,
  shown,
  compared,
  onChoose,
}: {
  groups: readonly StripGroup[];
  shown: ViewerItem;
  compared: ViewerItem | null;
  onChoose: (item: ViewerItem) => void;
}): VNode {
  const strip = useRef<HTMLDivElement>(null);
  const chosen = `${shown.taskId} ${shown.number}`;
  useEffect(() => {
    strip.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen]);
  return (
    <div ref={strip} class={styles['strip']}>
      {groups.map(({ title, items }) => (
        <section key={title} class={styles['group']} aria-label={title}>
          <p aria-hidden="true">{title}</p>
          <ul>
            {items.map(({ item, name }) => (
              <li key={`${item.taskId} ${item.number}`}>
                <button
                  type="button"
                  class={styles['thumb']}
                  aria-label={name}
                  title={name}
                  aria-current={isSame(item, shown)}
                  data-compared={compared !== null && isSame(item, compared)}
                  onClick={() => onChoose(item)}
                >
                  <Thumb item={item} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Thumb({ item }: { item: ViewerItem }): VNode {
  const link = item.kind === 'film' ? item.poster : item.link;
  const badge = item.kind === 'film' ? Play : item.kind === 'grid' ? Grid2x2 : null;
  return (
    <>
      {link !== '' && <img src={pictureUrl(link, THUMB)} alt="" loading="lazy" draggable={false} />}
      {badge !== null && (
        <span class={styles['badge']}>
          <Icon node={badge} size={14} />
        </span>
      )}
      {item.number > 0 && <span class={styles['number']}>{item.number}</span>}
    </>
  );
}

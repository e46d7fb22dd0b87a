import type { VNode } from 'preact';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { pagePath } from '../../../app/pages.ts';
import { useDesk } from '../desk.ts';
import { strings } from '../strings.ts';
import styles from './family-stack.module.css';

const MOST_SHOWN = 3;

/** What was made of a task, as far as it is known: the newest as small pictures, and how many there are. */
export function FamilyStack({ id, tabIndex }: { id: string; tabIndex: number }): VNode | null {
  const { store } = useDesk().feed;
  const children = store.childrenOf(id).value;
  if (children.length === 0) return null;
  const label = strings.value.card.children(children.length);
  return (
    <a class={styles['stack']} href={pagePath('gallery', id)} title={label} aria-label={label} tabIndex={tabIndex}>
      {children.slice(0, MOST_SHOWN).map((child) => {
        const task = store.get(child)?.value;
        const link = task === undefined ? '' : task.imageUrl;
        return link === '' ? (
          <i key={child} class={`${styles['dot']} ${styles[task?.status ?? ''] ?? ''}`} />
        ) : (
          <img key={child} class={styles['dot']} src={pictureUrl(link, 128)} alt="" width={24} height={24} />
        );
      })}
      {children.length > MOST_SHOWN && <i class={styles['more']} data-more={`+${children.length - MOST_SHOWN}`} />}
    </a>
  );
}

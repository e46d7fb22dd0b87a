import { ArrowLeft, ArrowRight, ChevronsLeft } from 'lucide';
import type { VNode } from 'preact';
import { Button } from '../../components/button.tsx';
import { strings } from './strings.ts';
import styles from './tasks-page.module.css';

/** Goes to older and newer pages. */
export function Pager({
  page,
  onNewest,
  onNewer,
  onOlder,
}: {
  /** From 1; null: behind a link to a page somewhere in the middle. */
  page: number | null;
  /** null: this is the newest page. */
  onNewest: (() => void) | null;
  /** null: the way there is not known, or this is the newest page. */
  onNewer: (() => void) | null;
  /** null: this is the oldest page. */
  onOlder: (() => void) | null;
}): VNode | null {
  const texts = strings.value;
  if (onNewest === null && onOlder === null) return null;
  return (
    <nav class={styles['pager']} aria-label={texts.pages}>
      <span class="soft numeric">{page === null ? '' : texts.page(String(page))}</span>
      <Button kind="quiet" icon={ChevronsLeft} disabled={onNewest === null} onClick={() => onNewest?.()}>
        {texts.newest}
      </Button>
      <Button icon={ArrowLeft} disabled={onNewer === null} onClick={() => onNewer?.()}>
        {texts.newer}
      </Button>
      <Button icon={ArrowRight} disabled={onOlder === null} onClick={() => onOlder?.()}>
        {texts.older}
      </Button>
    </nav>
  );
}

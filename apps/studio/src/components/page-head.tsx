import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import styles from './page-head.module.css';

/** A page's heading, which also names the browser's tab, with what can be done on the whole page. */
export function PageHead({ title, children }: { title: string; children?: ComponentChildren }): VNode {
  useEffect(() => {
    document.title = `${title} · Journeyman`;
  }, [title]);
  return (
    <header class={styles['head']}>
      <h1>{title}</h1>
      {children !== undefined && <div class={styles['actions']}>{children}</div>}
    </header>
  );
}

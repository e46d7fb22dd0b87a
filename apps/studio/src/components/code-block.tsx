import type { VNode } from 'preact';
import styles from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';

/** Text as it is, with a button that copies it. It can be scrolled by keyboard. */
export function CodeBlock({ text, label }: { text: string; label: string }): VNode {
  return (
    <div class={styles['block']}>
      <pre tabIndex={0} aria-label={label}>
        <code>{text}</code>
      </pre>
      <span class={styles['copy']}>
        <CopyButton text={text} />
      </span>
    </div>
  );
}

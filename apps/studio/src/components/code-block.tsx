import type { VNode } from 'preact';
import styles from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';

/**
 * Text as it is, with a button that copies it. It can be scrolled by keyboard.
 *
 * @param copied what is copied where `text` is shortened for reading
 */
export function CodeBlock({ text, label, copied }: { text: string; label: string; copied?: () => string }): VNode {
  return (
    <div class={styles['block']}>
      <pre tabIndex={0} aria-label={label}>
        <code>{text}</code>
      </pre>
      <span class={styles['copy']}>
        <CopyButton text={copied ?? text} />
      </span>
    </div>
  );
}

import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { foundTexts } from './found-texts.ts';
import styles from './text-result.module.css';

/** What a describe or shorten found, as a numbered list. */
export function TextResult({ task, isShort = false }: { task: Task; isShort?: boolean }): VNode {
  return (
    <ol class={`${styles['texts']} ${isShort ? styles['short'] : ''}`}>
      {foundTexts(task).map((text, at) => (
        <li key={at}>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  );
}

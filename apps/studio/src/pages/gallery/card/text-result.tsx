import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import styles from './text-result.module.css';

const NUMBER = /^\s*(?:(\d)\uFE0F?\u20E3|(\d{1,2})[.):])\s*/;

/** The texts that a describe or shorten found, without their numbers. */
export function foundTexts({ prompt, properties }: Task): string[] {
  const lines = (properties.finalPrompt || prompt).split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').map((line) => line.replace(NUMBER, ''));
}

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

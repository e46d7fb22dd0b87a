import type { VNode } from 'preact';
import { writeText } from '../draft/draft.ts';
import { strings } from '../strings.ts';
import styles from './example-prompts.module.css';

/** Prompts to begin with; pressing one writes it into the prompt. */
export function ExamplePrompts(): VNode {
  const texts = strings.value;
  const { one, two, three } = texts.examples;
  return (
    <div class={styles['examples']}>
      <span class={styles['label']}>{texts.prompt.examples}</span>
      {[one, two, three].map((example) => (
        <button key={example} type="button" class={styles['chip']} onClick={() => writeText(example)}>
          {example}
        </button>
      ))}
    </div>
  );
}

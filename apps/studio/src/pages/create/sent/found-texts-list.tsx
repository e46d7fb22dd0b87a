import { Sparkles } from 'lucide';
import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { usePrompt } from '../draft/draft.ts';
import { strings } from '../strings.ts';
import { textsOf } from './found-texts.ts';
import styles from './sent-card.module.css';

/** The prompts that a describe or a shorten found; each can be worked with at once. */
export function FoundTexts({ task }: { task: Task }): VNode {
  const texts = strings.value.sent;
  const found = task.properties.finalPrompt || task.promptEn || task.prompt;
  return (
    <ol class={styles['texts']}>
      {textsOf(found).map((text) => (
        <li key={text}>
          <p>{text}</p>
          <span class={styles['actions']}>
            <Button isSmall icon={Sparkles} onClick={() => usePrompt(text)}>
              {texts.use}
            </Button>
            <CopyButton text={text} />
          </span>
        </li>
      ))}
    </ol>
  );
}

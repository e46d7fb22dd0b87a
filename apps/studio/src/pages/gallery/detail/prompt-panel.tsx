import { Sparkles } from 'lucide';
import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { ButtonLink } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { createPath } from '../actions/task-actions.ts';
import { foundTexts } from '../card/found-texts.ts';
import { TEXT_ACTIONS } from '../grid/picture-ratio.ts';
import { strings } from '../strings.ts';
import { promptParts } from './prompt-parts.ts';
import styles from './prompt-panel.module.css';
import panel from './task-detail.module.css';

/** A task's prompt: its words, its parameters, and what was sent where that differs. */
export function PromptPanel({ task }: { task: Task }): VNode | null {
  const { detail } = strings.value;
  if (TEXT_ACTIONS.has(task.action) && task.status === 'SUCCESS') return <FoundPrompts task={task} />;
  const { prompt, properties } = task;
  if (prompt === '' && properties.finalPrompt === '') return null;
  const { words, parameters } = promptParts(prompt || properties.finalPrompt);
  const isChanged = prompt !== '' && properties.finalPrompt !== '' && properties.finalPrompt.trim() !== prompt.trim();
  return (
    <section class={panel['panel']}>
      <header class={styles['head']}>
        <h2>{detail.prompt}</h2>
        <CopyButton text={prompt || properties.finalPrompt} />
      </header>
      <p class={styles['words']}>{words}</p>
      {parameters.length > 0 && (
        <ul class={styles['parameters']} aria-label={detail.parameters}>
          {parameters.map((text, at) => (
            <li key={at} class="mono">
              {text}
            </li>
          ))}
        </ul>
      )}
      {isChanged && (
        <details class={styles['final']}>
          <summary>{detail.final}</summary>
          <p class="mono">{properties.finalPrompt}</p>
        </details>
      )}
    </section>
  );
}

/** Texts that were found, each with a way to use it. */
function FoundPrompts({ task }: { task: Task }): VNode {
  const { detail } = strings.value;
  return (
    <section class={panel['panel']}>
      <h2>{detail.texts}</h2>
      <ol class={styles['found']}>
        {foundTexts(task).map((text, at) => (
          <li key={at}>
            <p>{text}</p>
            <div class={styles['uses']}>
              <ButtonLink kind="quiet" isSmall icon={Sparkles} href={createPath(text)}>
                {detail.use}
              </ButtonLink>
              <CopyButton text={text} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

import type { VNode } from 'preact';
import { formatSeconds } from '../../../i18n/format.ts';
import type { Dossier } from './dossier.ts';
import styles from './span-bar.module.css';
import { spansOf } from './spans.ts';
import { strings } from './strings.ts';
import { TaskQuestion } from './task-question.tsx';

/** A small bar of the time that a task waited, ran, and took to be told of. */
export function SpanBar({ dossier }: { dossier: Dossier }): VNode {
  const { spans: texts } = strings.value;
  const spans = spansOf(dossier, Date.now());
  const said = spans.map(({ name, seconds, isOpen }) => {
    const part = texts.part(texts[name], formatSeconds(seconds));
    return { name, seconds, isOpen, part: isOpen ? texts.running(part) : part };
  });
  return (
    <div class={styles['spans']}>
      <div class={styles['bar']} role="img" aria-label={texts.label(said.map(({ part }) => part).join(', '))}>
        {said.map(({ name, seconds, isOpen }) => (
          <span
            key={name}
            class={`${styles[name]} ${isOpen ? styles['isOpen'] : ''}`}
            style={{ flexGrow: Math.max(seconds, 0.001) }}
          />
        ))}
      </div>
      <ul class={styles['legend']} aria-hidden="true">
        {said.map(({ name, part }) => (
          <li key={name}>
            <i class={styles[name]} />
            <span class="numeric">{part}</span>
          </li>
        ))}
      </ul>
      <TaskQuestion of={texts.sql} name="task" id={dossier.task.id} />
    </div>
  );
}

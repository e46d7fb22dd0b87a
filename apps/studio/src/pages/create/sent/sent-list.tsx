import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { strings } from '../strings.ts';
import { SentCard } from './sent-card.tsx';
import styles from './sent-card.module.css';
import { isFinished, sentTasks } from './sent-tasks.ts';
import { watchSent } from './watch-sent.ts';

/** Everything that was sent from here lately, live. */
export function SentList(): VNode | null {
  const texts = strings.value.sent;
  useEffect(watchSent, []);
  const sent = sentTasks.value;
  const done = sent.filter(({ task }) => task !== null && isFinished(task)).length;
  const before = useRef(done);
  const hasEnded = done > before.current;
  before.current = done;
  if (sent.length === 0) return null;
  return (
    <section class={styles['section']} aria-labelledby="sent-title">
      <h2 id="sent-title">{texts.title}</h2>
      <p class="visually-hidden" role="status">
        {hasEnded ? texts.ended : ''}
      </p>
      <ul class={styles['list']}>
        {sent.map((one) => (
          <SentCard key={one.id} sent={one} />
        ))}
      </ul>
    </section>
  );
}

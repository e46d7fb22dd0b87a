import type { VNode } from 'preact';
import { call } from '../../../api/client.ts';
import { useResource } from '../../../api/resource.ts';
import { formatCredits } from '../../../i18n/format.ts';
import { strings } from './strings.ts';
import styles from './windows.module.css';

interface Price {
  total: number;
  credits: number | null;
}

/** What confirming a window costs, and what is left; nothing while that is not known. */
export function WindowPrice({ taskId }: { taskId: string }): VNode {
  const [price] = useResource<Price>(`price ${taskId}`, (signal) =>
    call('POST', '/mj/price', { body: { route: 'modal', body: { taskId } }, signal }),
  );
  const { costs, left, tooLittle } = strings.value;
  const known = price.value.value;
  if (known === null) return <p class={styles['price']} />;
  const { total, credits } = known;
  return (
    <p class={styles['price']}>
      <strong class="numeric">{costs(formatCredits(total))}</strong>
      {credits !== null && (
        <span class={credits < total ? styles['short'] : undefined}>
          {(credits < total ? tooLittle : left)(formatCredits(credits))}
        </span>
      )}
    </p>
  );
}

import { CircleAlert, Inbox, RefreshCw, type IconNode } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import type { Failure } from '../api/failure.ts';
import { Button } from './button.tsx';
import { failureText } from './failure-text.ts';
import { Icon } from './icon.tsx';
import styles from './states.module.css';
import { strings } from './strings.ts';

/** What is shown where there is nothing yet, with what can be done about it. */
export function EmptyState({
  icon = Inbox,
  title,
  text,
  children,
}: {
  icon?: IconNode;
  title: string;
  text?: string;
  children?: ComponentChildren;
}): VNode {
  return (
    <div class={styles['state']}>
      <span class={styles['icon']}>
        <Icon node={icon} size={26} />
      </span>
      <h2>{title}</h2>
      {text !== undefined && <p>{text}</p>}
      {children}
    </div>
  );
}

/** What is shown where something could not be read. */
export function FailedState({ failure, onRetry }: { failure: Failure; onRetry?: () => void }): VNode {
  const { tryAgain, failed } = strings.value;
  return (
    <div class={`${styles['state']} ${styles['failed']}`} role="alert">
      <span class={styles['icon']}>
        <Icon node={CircleAlert} size={26} />
      </span>
      <h2>{failureText(failure)}</h2>
      {failure.requestId !== '' && <p class="mono">{failed.requestId(failure.requestId)}</p>}
      {onRetry !== undefined && (
        <Button icon={RefreshCw} onClick={onRetry}>
          {tryAgain}
        </Button>
      )}
    </div>
  );
}

/** A place where something will be. @param height CSS length */
export function Skeleton({ height, width = '100%' }: { height: string; width?: string }): VNode {
  return <div class={styles['skeleton']} style={{ height, width }} aria-hidden="true" />;
}

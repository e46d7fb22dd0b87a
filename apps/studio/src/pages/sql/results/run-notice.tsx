import { CircleAlert, Info, RotateCw } from 'lucide';
import type { VNode } from 'preact';
import type { Failure } from '../../../api/failure.ts';
import { Button } from '../../../components/button.tsx';
import { failureText } from '../../../components/failure-text.ts';
import { Icon } from '../../../components/icon.tsx';
import { strings } from '../strings.ts';
import styles from './run-notice.module.css';

/** Where a text has a place. Both from 1. */
export function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, position - 1)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Where in the query a failure is, from 1; null: nowhere in particular. */
export function faultPosition(failure: Failure): number | null {
  return failure.errors.find(({ field }) => field === 'sql')?.position ?? null;
}

/** Why a query was not answered, and where its mistake is. */
export function FaultNotice({
  failure,
  text,
  onGoTo,
  onRetry,
}: {
  failure: Failure;
  text: string;
  onGoTo: (position: number) => void;
  onRetry: () => void;
}): VNode {
  const texts = strings.value;
  const position = faultPosition(failure);
  const place = position === null ? null : placeOf(text, position);
  const told = failure.errors.map(({ message }) => message).filter((message) => message !== '');
  return (
    <div class={`${styles['notice']} ${styles['fault']}`} role="alert">
      <Icon node={CircleAlert} />
      <div class={styles['words']}>
        <strong>{place === null ? texts.faultTitle : texts.at(place.line, place.column)}</strong>
        <p>{told.length > 0 ? told.join(' · ') : wordsOf(failure)}</p>
      </div>
      {position !== null && (
        <Button isSmall onClick={() => onGoTo(position)}>
          {texts.goThere}
        </Button>
      )}
      {isPassing(failure) && (
        <Button isSmall icon={RotateCw} onClick={onRetry}>
          {texts.again}
        </Button>
      )}
    </div>
  );
}

/** Whether the same query may be answered later. */
function isPassing({ kind, status }: Failure): boolean {
  return kind === 'offline' || status >= 500 || status === 429;
}

/** A run is not tried again by itself: it may be dear. */
function wordsOf(failure: Failure): string {
  const { away } = strings.value;
  if (failure.kind === 'offline') return away.gateway;
  if (failure.name === 'database_unavailable') return away.database;
  return failureText(failure);
}

/** Something that is to be known before or after a run. */
export function RunNotice({ text }: { text: string }): VNode {
  return (
    <div class={styles['notice']} role="status">
      <Icon node={Info} />
      <p class={styles['words']}>{text}</p>
    </div>
  );
}

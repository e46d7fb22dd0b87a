import type { ComponentChildren, VNode } from 'preact';
import styles from './badge.module.css';
import { strings } from './strings.ts';

export type Tone = 'neutral' | 'success' | 'danger' | 'warning' | 'info';

/** A short state, told by word and colour. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ComponentChildren }): VNode {
  return <span class={`${styles['badge']} ${styles[tone]}`}>{children}</span>;
}

/** Every status that a task can have, in /mj or in the admin API. */
export type ShownStatus = keyof typeof strings.value.status;

const TONES: Record<ShownStatus, Tone> = {
  NOT_START: 'neutral',
  SUBMITTED: 'info',
  IN_PROGRESS: 'info',
  SUCCESS: 'success',
  FAILURE: 'danger',
  CANCEL: 'neutral',
  MODAL: 'warning',
  REFUSED: 'danger',
};

/** A task's status. @param status as the gateway gives it; one that is not known is shown as it is */
export function StatusBadge({ status }: { status: string }): VNode {
  const known = status in TONES ? (status as ShownStatus) : null;
  return known === null ? <Badge>{status}</Badge> : <Badge tone={TONES[known]}>{strings.value.status[known]}</Badge>;
}

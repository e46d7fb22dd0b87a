import { signal } from '@preact/signals';
import { X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Failure } from '../api/failure.ts';
import { IconButton } from './button.tsx';
import { failureText } from './failure-text.ts';
import { strings } from './strings.ts';
import styles from './toasts.module.css';

interface Toast {
  id: number;
  tone: 'info' | 'success' | 'danger';
  text: string;
}

const SHOWN_MS = 6_000;
const MOST_SHOWN = 4;
const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Tells something for some seconds, without taking the focus; screen readers read it out. */
export function toast(text: string, tone: Toast['tone'] = 'info'): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value, { id, tone, text }].slice(-MOST_SHOWN);
  setTimeout(() => dismiss(id), tone === 'danger' ? SHOWN_MS * 2 : SHOWN_MS);
}

/** Tells why a call failed. */
export function toastFailure(failure: Failure): void {
  toast(failureText(failure), 'danger');
}

/** Where toasts are shown; there is one for the page. */
export function Toasts(): VNode {
  const list = useRef<HTMLDivElement>(null);
  const shown = toasts.value;
  useEffect(() => {
    // In the top layer: a toast is seen over an open dialog too.
    const element = list.current;
    if (element === null || typeof element.showPopover !== 'function') return;
    if (element.matches(':popover-open')) element.hidePopover();
    if (shown.length > 0) element.showPopover();
  }, [shown]);
  return (
    <div ref={list} popover="manual" class={styles['list']} role="status" aria-live="polite">
      {shown.map(({ id, tone, text }) => (
        <div key={id} class={`${styles['toast']} ${styles[tone] ?? ''}`}>
          <p>{text}</p>
          <IconButton isSmall icon={X} label={strings.value.dismiss} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}

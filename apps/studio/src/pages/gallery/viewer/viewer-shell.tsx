import { X } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { IconButton } from '../../../components/button.tsx';
import { strings } from './strings.ts';
import styles from './viewer.module.css';

/** A dialog over the whole page. Escape closes it, and the focus goes back. */
export function ViewerShell({
  title,
  place,
  tools,
  children,
  onKey,
  onClose,
}: {
  title: string;
  /** "2 of 4" */
  place?: string;
  tools?: ComponentChildren;
  children: ComponentChildren;
  /** Returns whether the key did something. */
  onKey?: (event: KeyboardEvent) => boolean;
  onClose: () => void;
}): VNode {
  const element = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    if (element.current?.open === false) element.current.showModal();
    stage.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={styles['viewer']}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // A window over the viewer has its own Escape.
        if (event.target !== element.current) return;
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        const isOwn = event.target instanceof Element && event.target.closest('dialog') === element.current;
        if (isOwn && onKey?.(event) === true) event.preventDefault();
      }}
    >
      <header class={styles['head']}>
        <h2 id={titleId} class="truncate" title={title}>
          {title || strings.value.title}
        </h2>
        {place !== undefined && (
          <p class={`numeric ${styles['place']}`} role="status">
            {place}
          </p>
        )}
      </header>
      {tools}
      <div class={styles['close']}>
        <IconButton icon={X} label={strings.value.close} onClick={onClose} />
      </div>
      <div ref={stage} class={styles['stage']} tabIndex={-1}>
        {children}
      </div>
    </dialog>
  );
}

import { X } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { IconButton } from './button.tsx';
import styles from './dialog.module.css';
import { strings } from './strings.ts';

/**
 * A window over the page, or a drawer at its right side. The browser's own <dialog> keeps the focus inside, closes by Escape and
 * gives the focus back.
 */
export function Dialog({
  title,
  shape = 'window',
  actions,
  children,
  onClose,
}: {
  title: string;
  shape?: 'window' | 'wide' | 'drawer';
  /** Buttons at its foot. */
  actions?: ComponentChildren;
  children: ComponentChildren;
  onClose: () => void;
}): VNode {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    if (element.current?.open === false) element.current.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const closeOnBackdrop = (event: MouseEvent): void => {
    if (event.target === element.current) onClose();
  };
  return (
    <dialog
      ref={element}
      class={`${styles['dialog']} ${shape === 'window' ? '' : styles[shape]}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={closeOnBackdrop}
    >
      <div class={styles['frame']}>
        <header class={styles['head']}>
          <h2 id={titleId}>{title}</h2>
          <IconButton icon={X} label={strings.value.close} onClick={onClose} />
        </header>
        <div class={styles['body']}>{children}</div>
        {actions !== undefined && <footer class={styles['foot']}>{actions}</footer>}
      </div>
    </dialog>
  );
}

import { X } from 'lucide';
import type { ComponentChildren, TargetedKeyboardEvent, VNode } from 'preact';
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
  onSubmit,
  onClose,
}: {
  title: string;
  shape?: 'window' | 'wide' | 'drawer';
  /** Buttons at its foot. */
  actions?: ComponentChildren;
  children: ComponentChildren;
  /**
   * What its button of type `submit` does. Enter in a line of text presses that button, and Ctrl+Enter does anywhere. Absent: it is
   * no form.
   */
  onSubmit?: () => void;
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
  const parts = (
    <>
      <header class={styles['head']}>
        <h2 id={titleId}>{title}</h2>
        <IconButton icon={X} label={strings.value.close} onClick={onClose} />
      </header>
      <div class={styles['body']}>{children}</div>
      {actions !== undefined && <footer class={styles['foot']}>{actions}</footer>}
    </>
  );
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
      {onSubmit === undefined ? (
        <div class={styles['frame']}>{parts}</div>
      ) : (
        // What is wrong is told by the form and the gateway, in the reader's language.
        <form
          class={styles['frame']}
          noValidate
          onKeyDown={pressByControlEnter}
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {parts}
        </form>
      )}
    </dialog>
  );
}

/** Presses the button of a form, unless it cannot be pressed. */
function pressByControlEnter(event: TargetedKeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.querySelector<HTMLButtonElement>('button[type="submit"]:enabled')?.click();
}

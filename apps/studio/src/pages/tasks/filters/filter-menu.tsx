import { useSignal } from '@preact/signals';
import { ChevronDown, X, type IconNode } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { strings as common } from '../../../components/strings.ts';
import styles from './filter-menu.module.css';

/**
 * A button that opens a small panel under it, or at the foot of a narrow window. Escape, a click elsewhere and leaving it by
 * Tab close it.
 */
export function FilterMenu({
  label,
  icon,
  chosen = 0,
  children,
}: {
  label: string;
  icon?: IconNode;
  /** How many values are chosen in it; shown beside the label. */
  chosen?: number;
  children: (close: () => void) => ComponentChildren;
}): VNode {
  const isOpen = useSignal(false);
  const isAtEnd = useSignal(false);
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    isOpen.value = false;
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen.value) return;
    const shut = (event: Event): void => {
      if (event.target instanceof Node && place.current?.contains(event.target) === false) isOpen.value = false;
    };
    document.addEventListener('pointerdown', shut);
    document.addEventListener('focusin', shut);
    return () => {
      document.removeEventListener('pointerdown', shut);
      document.removeEventListener('focusin', shut);
    };
  }, [isOpen.value]);
  useLayoutEffect(() => {
    if (!isOpen.value || panel.current === null) return;
    isAtEnd.value = panel.current.getBoundingClientRect().right > innerWidth - 8;
    panel.current.querySelector<HTMLElement>('input, select, button:not([data-close])')?.focus();
  }, [isOpen.value]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen.value) return;
    event.stopPropagation();
    close();
  };
  return (
    <div ref={place} class={styles['place']} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class={`${styles['button']} ${chosen > 0 ? styles['set'] : ''}`}
        aria-expanded={isOpen.value}
        aria-controls={isOpen.value ? id : undefined}
        onClick={() => {
          isAtEnd.value = false;
          isOpen.value = !isOpen.value;
        }}
      >
        {icon !== undefined && <Icon node={icon} size={16} />}
        {label}
        {chosen > 1 && <span class={styles['count']}>{chosen}</span>}
        <Icon node={ChevronDown} size={14} />
      </button>
      {isOpen.value && (
        <>
          <div class={styles['veil']} onClick={close} />
          <div
            ref={panel}
            id={id}
            role="group"
            aria-label={label}
            class={`${styles['panel']} ${isAtEnd.value ? styles['end'] : ''}`}
          >
            <div class={styles['head']}>
              <strong>{label}</strong>
              <IconButton isSmall icon={X} label={common.value.close} data-close onClick={close} />
            </div>
            {children(close)}
          </div>
        </>
      )}
    </div>
  );
}

import { useSignal } from '@preact/signals';
import { X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button, IconButton } from '../../../components/button.tsx';
import { cancel } from '../actions/task-actions.ts';
import { useDesk } from '../desk.ts';
import { strings } from '../strings.ts';

/** Cancels a task that has not ended; while it is being sent it can be pressed again after the time the gateway names. */
export function CancelButton({
  id,
  tabIndex = 0,
  isSmall = false,
}: {
  id: string;
  tabIndex?: number;
  /** Whether it shows its icon only. */
  isSmall?: boolean;
}): VNode {
  const desk = useDesk();
  const isBusy = useSignal(false);
  const isHeldUntil = useSignal(0);
  useEffect(() => {
    if (isHeldUntil.value === 0) return;
    const timer = setTimeout(() => (isHeldUntil.value = 0), isHeldUntil.value - Date.now());
    return () => clearTimeout(timer);
  }, [isHeldUntil.value]);
  const start = async (): Promise<void> => {
    isBusy.value = true;
    const again = await cancel(desk, id);
    isBusy.value = false;
    if (again !== null) isHeldUntil.value = Date.now() + again * 1_000;
  };
  const props = {
    isSmall: true,
    icon: X,
    isBusy: isBusy.value,
    disabled: isHeldUntil.value > 0,
    tabIndex,
    onClick: () => void start(),
  };
  const { cancel: text } = strings.value.card;
  return isSmall ? <IconButton {...props} label={text} /> : <Button {...props}>{text}</Button>;
}

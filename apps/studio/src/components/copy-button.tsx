import { useSignal } from '@preact/signals';
import { Check, Copy } from 'lucide';
import type { VNode } from 'preact';
import { Button, IconButton } from './button.tsx';
import { strings } from './strings.ts';

const SHOWN_MS = 1_500;

/** Puts a text on the clipboard; also where the browser has no clipboard API, as over plain HTTP. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    // Inside the topmost dialog: outside of it nothing can be focused.
    const dialogs = document.querySelectorAll('dialog[open]');
    (dialogs[dialogs.length - 1] ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** Copies a text and says so. @param label absent: an icon only */
export function CopyButton({
  text,
  label,
  name,
}: {
  text: string | (() => string);
  label?: string;
  name?: string;
}): VNode {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await copyText(typeof text === 'string' ? text : text());
    isCopied.value = true;
    setTimeout(() => (isCopied.value = false), SHOWN_MS);
  };
  const icon = isCopied.value ? Check : Copy;
  const said = isCopied.value ? strings.value.copied : (label ?? name ?? strings.value.copy);
  return label === undefined ? (
    <IconButton isSmall icon={icon} label={said} onClick={() => void copy()} />
  ) : (
    <Button isSmall icon={icon} onClick={() => void copy()}>
      {said}
    </Button>
  );
}

import type { Signal } from '@preact/signals';
import { RotateCcw } from 'lucide';
import type { VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { strings } from './strings.ts';

/** Puts back the text that a window began with, where it was changed. */
export function PutBack({ prompt, original }: { prompt: Signal<string>; original: string }): VNode | null {
  if (original === '' || prompt.value === original) return null;
  return (
    <div>
      <Button kind="quiet" isSmall icon={RotateCcw} onClick={() => (prompt.value = original)}>
        {strings.value.putBack}
      </Button>
    </div>
  );
}

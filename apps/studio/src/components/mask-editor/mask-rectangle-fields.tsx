import { useSignal } from '@preact/signals';
import { Minus, Plus } from 'lucide';
import type { VNode } from 'preact';
import { Button } from '../button.tsx';
import { TextField } from '../field.tsx';
import type { MaskDrawing } from './mask-drawing.ts';
import styles from './mask-editor.module.css';
import { strings } from './strings.ts';

const SIDES = ['left', 'top', 'width', 'height'] as const;
type Side = (typeof SIDES)[number];

const WHOLE = 100;

/** Percent as it was typed; null: no number between 0 and 100. */
export function readPercent(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && value >= 0 && value <= WHOLE ? value : null;
}

/** Marks a rectangle by numbers, for those who do not draw. */
export function MaskRectangleFields({ drawing }: { drawing: MaskDrawing }): VNode {
  const texts = strings.value;
  const typed = useSignal<Record<Side, string>>({ left: '25', top: '25', width: '50', height: '50' });
  const values = SIDES.map((side) => readPercent(typed.value[side]));
  const [left, top, width, height] = values;
  const mark = (isMarking: boolean): void => {
    if (left == null || top == null || width == null || height == null) return;
    const at = (x: number, y: number): { x: number; y: number } => ({
      x: (drawing.bitmap.width * x) / WHOLE,
      y: (drawing.bitmap.height * y) / WHOLE,
    });
    drawing.do({ kind: 'rectangle', isMarking, from: at(left, top), to: at(left + width, top + height) });
  };
  const isWrong = values.includes(null);
  return (
    <fieldset class={styles['numbers']}>
      <legend>{texts.byNumbers}</legend>
      {SIDES.map((side) => (
        <TextField
          key={side}
          label={texts.side[side]}
          inputMode="decimal"
          value={typed.value[side]}
          error={readPercent(typed.value[side]) === null ? texts.notPercent : null}
          onChange={(value) => (typed.value = { ...typed.value, [side]: value })}
        />
      ))}
      <div class={styles['numberActions']}>
        <Button isSmall icon={Plus} disabled={isWrong} onClick={() => mark(true)}>
          {texts.markIt}
        </Button>
        <Button isSmall icon={Minus} disabled={isWrong} onClick={() => mark(false)}>
          {texts.unmarkIt}
        </Button>
      </div>
    </fieldset>
  );
}

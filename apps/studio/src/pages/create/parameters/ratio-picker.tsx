import type { VNode } from 'preact';
import { TextField } from '../../../components/field.tsx';
import styles from './parameters.module.css';
import { strings } from './parameter-text.ts';

/** Longest side of a shape, px. */
const SHAPE_PX = 26;
const RATIO = /^(\d+):(\d+)$/;

/** Aspect ratios by their shapes, and a field for any other. @param value null: none in the prompt */
export function RatioPicker({
  ratios,
  byDefault,
  value,
  onChange,
}: {
  ratios: readonly string[];
  byDefault: string;
  value: string | null;
  onChange: (value: string | null) => void;
}): VNode {
  const texts = strings.value;
  const shown = value ?? byDefault;
  return (
    <fieldset class={styles['group']}>
      <legend class={styles['legend']}>{texts.ratio}</legend>
      <div class={styles['ratios']}>
        {ratios.map((ratio) => (
          <label key={ratio} class={styles['ratio']}>
            <input
              type="radio"
              name="ratio"
              class="visually-hidden"
              checked={ratio === shown}
              onChange={() => onChange(ratio === byDefault ? null : ratio)}
            />
            <span class={styles['shapeBox']}>
              <span class={styles['shape']} style={shapeOf(ratio)} />
            </span>
            <span class="numeric">{ratio}</span>
          </label>
        ))}
        <div class={styles['ownRatio']}>
          <TextField
            isLabelHidden
            label={`${texts.ownRatio} (${texts.ownRatioHint})`}
            placeholder="W:H"
            value={ratios.includes(shown) ? '' : shown}
            onChange={(own) => onChange(own.trim() === '' ? null : own.trim())}
          />
        </div>
      </div>
    </fieldset>
  );
}

function shapeOf(ratio: string): { width: string; height: string } {
  const [, wide = '1', high = '1'] = RATIO.exec(ratio) ?? [];
  const scale = SHAPE_PX / Math.max(Number(wide), Number(high));
  return { width: `${Number(wide) * scale}px`, height: `${Number(high) * scale}px` };
}

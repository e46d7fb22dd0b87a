import type { Signal } from '@preact/signals';
import { Brush, Contrast, Eraser, Hand, Lasso, Redo2, SquareDashed, Trash2, Undo2, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { IconButton } from '../button.tsx';
import type { MaskDrawing, MaskTool } from './mask-drawing.ts';
import styles from './mask-editor.module.css';
import { strings } from './strings.ts';

const TOOLS: readonly { name: MaskTool; icon: IconNode; key: string }[] = [
  { name: 'brush', icon: Brush, key: 'B' },
  { name: 'eraser', icon: Eraser, key: 'E' },
  { name: 'rectangle', icon: SquareDashed, key: 'R' },
  { name: 'lasso', icon: Lasso, key: 'L' },
  { name: 'hand', icon: Hand, key: 'H' },
];

/** The tool that a key chooses; null: none. */
export function toolOfKey(key: string): MaskTool | null {
  return TOOLS.find((tool) => tool.key === key.toUpperCase())?.name ?? null;
}

/** Tools, what can be done to the whole mask, and the width of the brush. @param largest widest brush, px */
export function MaskToolbar({
  drawing,
  tool,
  brush,
  largest,
}: {
  drawing: MaskDrawing;
  tool: Signal<MaskTool>;
  brush: Signal<number>;
  largest: number;
}): VNode {
  const texts = strings.value;
  const { done, undone } = drawing.history.value;
  const hasBrush = tool.value === 'brush' || tool.value === 'eraser';
  return (
    <div class={styles['bar']}>
      <div class={styles['tools']} role="group" aria-label={texts.tools}>
        {TOOLS.map(({ name, icon, key }) => (
          <IconButton
            key={name}
            icon={icon}
            label={texts.withKey(texts.tool[name], key)}
            aria-pressed={tool.value === name}
            onClick={() => (tool.value = name)}
          />
        ))}
      </div>
      <div class={styles['tools']} role="group" aria-label={texts.whole}>
        <IconButton
          icon={Undo2}
          label={texts.withKey(texts.undo, 'Ctrl+Z')}
          disabled={done.length === 0}
          onClick={() => drawing.undo()}
        />
        <IconButton
          icon={Redo2}
          label={texts.withKey(texts.redo, 'Ctrl+Shift+Z')}
          disabled={undone.length === 0}
          onClick={() => drawing.redo()}
        />
        <IconButton icon={Contrast} label={texts.invert} onClick={() => drawing.do({ kind: 'invert' })} />
        <IconButton
          icon={Trash2}
          label={texts.clear}
          disabled={drawing.share.value === 0}
          onClick={() => drawing.do({ kind: 'clear' })}
        />
      </div>
      <label class={styles['width']} hidden={!hasBrush}>
        <span>{texts.brushSize}</span>
        <input
          type="range"
          min={2}
          max={largest}
          value={brush.value}
          onInput={(event) => (brush.value = Number(event.currentTarget.value))}
        />
        <output class="numeric">{texts.px(brush.value)}</output>
      </label>
      {!hasBrush && <p class={styles['hint']}>{texts.hints[tool.value as 'rectangle' | 'lasso' | 'hand']}</p>}
    </div>
  );
}

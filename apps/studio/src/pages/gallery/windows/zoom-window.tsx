import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { TextArea } from '../../../components/field.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import { askedRatio } from '../grid/picture-ratio.ts';
import { PutBack } from './put-back.tsx';
import { strings } from './strings.ts';
import type { WindowProps } from './task-window.tsx';
import { useConfirmation } from './use-confirmation.ts';
import { useParent } from './use-parent.ts';
import { useWindowPrompt } from './use-window-prompt.ts';
import { dropDraft } from './window-drafts.ts';
import { WindowFrame } from './window-frame.tsx';
import { pictureOf } from './window-kind.ts';
import styles from './windows.module.css';
import { LARGEST_ZOOM, LEAST_ZOOM, withZoom, zoomOf } from './zoom-prompt.ts';

const STEP = 0.05;

/** The window of a custom zoom: how far, in which shape, and what is to be seen around the picture. */
export function ZoomWindow({ task, onClose, onConfirmed }: WindowProps): VNode {
  const texts = strings.value;
  const prompt = useWindowPrompt(task);
  const confirmation = useConfirmation();
  const parent = useParent(task);
  const sliderId = useId();
  const factor = zoomOf(prompt.value);
  const shown = factor ?? LARGEST_ZOOM;
  const link = parent.value === null ? '' : pictureOf(parent.value, task.customId);
  const confirm = async (): Promise<void> => {
    if (factor === null && prompt.value.trim() !== '') return confirmation.refuse(texts.zoomIsMissing);
    if (!(await confirmation.confirm({ taskId: task.id, prompt: prompt.value }))) return;
    dropDraft(task.id);
    onConfirmed(task.id);
  };
  return (
    <WindowFrame
      task={task}
      confirmLabel={texts.confirm}
      confirmation={confirmation}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p class="soft">{texts.about.zoom}</p>
      <ZoomPreview link={link} factor={shown} ratio={askedRatio(prompt.value)} />
      <div class={styles['slider']}>
        <label for={sliderId}>{texts.zoomFactor}</label>
        <input
          id={sliderId}
          type="range"
          min={LEAST_ZOOM}
          max={LARGEST_ZOOM}
          step={STEP}
          value={shown}
          aria-valuetext={texts.times(formatNumber(shown, 2))}
          onInput={(event) => {
            prompt.value = withZoom(prompt.value, Number(event.currentTarget.value));
            confirmation.refuse(null);
          }}
        />
        <output class="numeric">{texts.times(formatNumber(shown, 2))}</output>
      </div>
      <TextArea label={texts.prompt} value={prompt.value} onChange={(value) => (prompt.value = value)} />
      <PutBack prompt={prompt} original={task.properties.finalPrompt} />
    </WindowFrame>
  );
}

/** The old picture inside of the new one. @param ratio width of the new one for a height of 1; null: as the old one */
function ZoomPreview({ link, factor, ratio }: { link: string; factor: number; ratio: number | null }): VNode | null {
  if (link === '') return null;
  const share = `${100 / factor}%`;
  return (
    <div class={styles['preview']}>
      <div class={styles['canvas']} style={ratio === null ? {} : { aspectRatio: String(ratio), width: widthOf(ratio) }}>
        <img
          src={pictureUrl(link, 512)}
          alt={strings.value.zoomPreview}
          style={{ maxWidth: share, maxHeight: share }}
        />
      </div>
    </div>
  );
}

const PREVIEW_HEIGHT_PX = 220;

function widthOf(ratio: number): string {
  return `min(100%, ${Math.round(ratio * PREVIEW_HEIGHT_PX)}px)`;
}

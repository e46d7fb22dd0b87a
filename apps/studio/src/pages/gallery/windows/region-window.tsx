import { useSignal } from '@preact/signals';
import { Quote } from 'lucide';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { Button } from '../../../components/button.tsx';
import { TextArea } from '../../../components/field.tsx';
import { MaskEditor, type MarkedRegion } from '../../../components/mask-editor/mask-editor.tsx';
import { FailedState, Skeleton } from '../../../components/states.tsx';
import { PutBack } from './put-back.tsx';
import { strings } from './strings.ts';
import type { WindowProps } from './task-window.tsx';
import { useConfirmation } from './use-confirmation.ts';
import { useParent } from './use-parent.ts';
import { useWindowPrompt } from './use-window-prompt.ts';
import { draftOf, dropDraft, keepDraft } from './window-drafts.ts';
import { WindowFrame } from './window-frame.tsx';
import { pictureOf } from './window-kind.ts';
import styles from './windows.module.css';

/** The window in which a region of a picture is marked, to be painted anew by a prompt. */
export function RegionWindow({ task, onClose, onConfirmed }: WindowProps): VNode {
  const texts = strings.value;
  const prompt = useWindowPrompt(task);
  const confirmation = useConfirmation();
  const parent = useParent(task);
  const region = useRef<MarkedRegion | null>(null);
  const share = useSignal(0);
  const link = parent.value === null ? '' : pictureOf(parent.value, task.customId);
  const ownPrompt = parent.value?.prompt ?? '';
  const confirm = async (): Promise<void> => {
    const marked = region.current;
    if (marked === null || marked.share === 0) return confirmation.refuse(texts.nothingMarked);
    const body = { taskId: task.id, prompt: prompt.value, maskBase64: await marked.toDataUrl() };
    if (!(await confirmation.confirm(body))) return;
    dropDraft(task.id);
    onConfirmed(task.id);
  };
  const note = (marked: MarkedRegion): void => {
    region.current = marked;
    share.value = marked.share;
    keepDraft(task.id, { mask: marked.history });
    if (marked.share > 0) confirmation.refuse(null);
  };
  return (
    <WindowFrame
      task={task}
      shape="wide"
      confirmLabel={texts.confirmRegion}
      confirmation={confirmation}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <div class={styles['workplace']}>
        <div class={styles['easel']}>
          {link !== '' ? (
            <MaskEditor src={pictureUrl(link)} alt={ownPrompt} earlier={draftOf(task.id).mask} onChange={note} />
          ) : parent.failure !== null ? (
            <FailedState failure={parent.failure} />
          ) : (
            <Skeleton height="420px" />
          )}
        </div>
        <div class={styles['side']}>
          <p class="soft">{texts.about.region}</p>
          <TextArea
            label={texts.prompt}
            rows={4}
            value={prompt.value}
            placeholder={ownPrompt}
            hint={prompt.value.trim() === '' ? texts.emptyIsParents : texts.describePart}
            onChange={(value) => (prompt.value = value)}
          />
          {prompt.value === '' && ownPrompt !== '' && (
            <div>
              <Button kind="quiet" isSmall icon={Quote} onClick={() => (prompt.value = ownPrompt)}>
                {texts.takeParents}
              </Button>
            </div>
          )}
          <PutBack prompt={prompt} original={task.properties.finalPrompt} />
          <RegionAdvice share={share.value} />
        </div>
      </div>
    </WindowFrame>
  );
}

const SMALL_SHARE = 0.03;
const LARGE_SHARE = 0.7;

/** Says what is to be expected of a region that is very small or very large. */
function RegionAdvice({ share }: { share: number }): VNode | null {
  const { smallRegion, largeRegion } = strings.value;
  const text = share === 0 ? '' : share < SMALL_SHARE ? smallRegion : share > LARGE_SHARE ? largeRegion : '';
  return text === '' ? null : <p class={styles['advice']}>{text}</p>;
}

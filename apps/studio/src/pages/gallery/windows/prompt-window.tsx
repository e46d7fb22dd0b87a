import type { VNode } from 'preact';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { TextArea } from '../../../components/field.tsx';
import { PutBack } from './put-back.tsx';
import { strings } from './strings.ts';
import type { WindowProps } from './task-window.tsx';
import { useConfirmation } from './use-confirmation.ts';
import { useParent } from './use-parent.ts';
import { useWindowPrompt } from './use-window-prompt.ts';
import { dropDraft } from './window-drafts.ts';
import { WindowFrame } from './window-frame.tsx';
import { pictureOf, windowKind } from './window-kind.ts';
import styles from './windows.module.css';

/** A window that asks for a prompt: remix of a variation, a reroll or a pan; a described prompt; what a video shows. */
export function PromptWindow({ task, onClose, onConfirmed }: WindowProps): VNode {
  const texts = strings.value;
  const prompt = useWindowPrompt(task);
  const confirmation = useConfirmation();
  const parent = useParent(task);
  const kind = windowKind(task);
  const link = parent.value === null ? '' : pictureOf(parent.value, task.customId);
  const confirm = async (): Promise<void> => {
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
      <p class="soft">{texts.about[kind]}</p>
      <div class={styles['pair']}>
        {link !== '' && <img class={styles['picture']} src={pictureUrl(link, 256)} alt={texts.pictureOfParent} />}
        <div class={styles['field']}>
          <TextArea
            label={texts.prompt}
            rows={6}
            value={prompt.value}
            {...(prompt.value.trim() === '' ? { hint: texts.emptyIsShown } : {})}
            onChange={(value) => (prompt.value = value)}
          />
          <PutBack prompt={prompt} original={task.properties.finalPrompt} />
        </div>
      </div>
    </WindowFrame>
  );
}

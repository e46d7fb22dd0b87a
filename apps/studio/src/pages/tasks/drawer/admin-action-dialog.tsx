import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { call } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { failureText } from '../../../components/failure-text.ts';
import { TextArea } from '../../../components/field.tsx';
import { strings as common } from '../../../components/strings.ts';
import { toast } from '../../../components/toasts.tsx';
import { formatCredits } from '../../../i18n/format.ts';
import { strings } from './action-strings.ts';
import type { Dossier } from './dossier.ts';
import styles from './drawer-table.module.css';

const LONGEST_REASON = 500;

/** Asks before a task is failed or refunded, says what will happen, and why it could not be done. */
export function AdminActionDialog({
  action,
  dossier: { task, delivery },
  onClose,
  onChanged,
}: {
  action: 'fail' | 'refund';
  dossier: Dossier;
  onClose: () => void;
  onChanged: () => void;
}): VNode {
  const texts = strings.value;
  const reason = useSignal('');
  const wrong = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const form = useRef<HTMLDivElement>(null);
  // The dialog itself would give the focus to its first button.
  useEffect(() => form.current?.querySelector('textarea')?.focus(), []);
  const isFail = action === 'fail';
  const credits = formatCredits(task.cost);
  const host = delivery?.host ?? hostOf(task.notifyHook);
  const text = reason.value.trim();
  const isFit = text !== '' && text.length <= LONGEST_REASON;
  const act = async (): Promise<void> => {
    if (!isFit) return;
    isBusy.value = true;
    wrong.value = null;
    try {
      await call('POST', `/admin/tasks/${task.id}/${action}`, { body: isFail ? { reason: text } : { note: text } });
      toast(isFail ? texts.failed : texts.refunded, 'success');
      onChanged();
      onClose();
    } catch (error) {
      const failure = asFailure(error);
      const isForbidden = failure.status === 409;
      wrong.value = isForbidden ? (isFail ? texts.finished : texts.nothingToRefund) : failureText(failure);
      if (isForbidden) onChanged();
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Dialog
      title={isFail ? texts.failTitle : texts.refundTitle}
      onSubmit={() => void act()}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind={isFail ? 'danger' : 'primary'} disabled={!isFit} isBusy={isBusy.value} type="submit">
            {isFail ? texts.confirmFail : texts.confirmRefund(credits)}
          </Button>
        </>
      }
    >
      <div ref={form} class={styles['tab']}>
        <ul class={styles['effects']}>
          <li>{isFail ? texts.failText : texts.refundText}</li>
          <li>{Number(task.cost) > 0 ? texts.givesBack(credits, task.keyName) : texts.givesNothing}</li>
          {isFail && <li>{host === null ? texts.tellsNobody : texts.tells(host)}</li>}
        </ul>
        <TextArea
          label={isFail ? texts.reason : texts.note}
          hint={isFail ? texts.reasonHint : texts.noteHint}
          error={wrong.value}
          value={reason.value}
          onChange={(value) => (reason.value = value)}
        />
      </div>
    </Dialog>
  );
}

/** The receiver of a hook that was not due yet. */
function hostOf(url: string | null): string | null {
  if (url === null || url === '') return null;
  try {
    return new URL(url).host;
  } catch {
    return null;
  }
}

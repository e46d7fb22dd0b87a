import { useSignal } from '@preact/signals';
import { Redo2, Send } from 'lucide';
import type { VNode } from 'preact';
import { call } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { Badge, type Tone } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { toast, toastFailure } from '../../../components/toasts.tsx';
import { RelativeTime } from '../table/relative-time.tsx';
import type { Delivery, Dossier } from './dossier.ts';
import styles from './drawer-table.module.css';
import { HookAttempts } from './hook-attempts.tsx';
import { strings } from './hook-strings.ts';
import { ReplayDialog } from './replay-dialog.tsx';
import { TaskQuestion } from './task-question.tsx';

const TONES: Record<Delivery['state'], Tone> = {
  waiting: 'info',
  delivered: 'success',
  dropped: 'neutral',
  dead: 'danger',
  cancelled: 'warning',
};

/** What the receiver of a task was told and how each try went; sends it again, or everything that the receiver missed. */
export function HooksTab({ dossier, onChanged }: { dossier: Dossier; onChanged: () => void }): VNode {
  const { hooks: texts } = strings.value;
  const { delivery, task } = dossier;
  const isSending = useSignal(false);
  const isReplaying = useSignal(false);
  if (delivery === null) {
    return (
      <EmptyState title={texts.none} text={texts.noneText}>
        <TaskQuestion of={texts.sql} name="task_hooks" id={task.id} />
      </EmptyState>
    );
  }
  const resend = async (): Promise<void> => {
    isSending.value = true;
    try {
      await call('POST', `/admin/hooks/${delivery.id}/resend`);
      toast(texts.resent, 'success');
      onChanged();
    } catch (error) {
      toastFailure(asFailure(error));
    } finally {
      isSending.value = false;
    }
  };
  return (
    <div class={styles['tab']}>
      <DeliveryFacts delivery={delivery} />
      <div class={styles['buttons']}>
        <Button icon={Send} isBusy={isSending.value} title={texts.resendHint} onClick={() => void resend()}>
          {texts.resend}
        </Button>
        <Button icon={Redo2} onClick={() => (isReplaying.value = true)}>
          {texts.replay}
        </Button>
      </div>
      <HookAttempts delivery={delivery} />
      <div class={styles['note']}>
        <span />
        <TaskQuestion of={texts.sql} name="task_hooks" id={task.id} />
      </div>
      {isReplaying.value && (
        <ReplayDialog host={delivery.host} onClose={() => (isReplaying.value = false)} onReplayed={onChanged} />
      )}
    </div>
  );
}

function DeliveryFacts({ delivery }: { delivery: Delivery }): VNode {
  const { hooks: texts } = strings.value;
  const { state, host, toldSeq, nextAt } = delivery;
  return (
    <dl class={styles['facts']}>
      <div>
        <dt>{texts.receiver}</dt>
        <dd class="mono">{host}</dd>
      </div>
      <div>
        <dt>{texts.result}</dt>
        <dd>
          <Badge tone={TONES[state]}>{texts.states[state]}</Badge>
        </dd>
      </div>
      <div>
        <dt>{texts.told}</dt>
        <dd>{toldSeq === null ? texts.toldNothing : texts.version(String(toldSeq))}</dd>
      </div>
      {state === 'waiting' && nextAt !== null && (
        <div>
          <dt>{texts.next}</dt>
          <dd>
            <RelativeTime at={nextAt} />
          </dd>
        </div>
      )}
    </dl>
  );
}

import { useSignal } from '@preact/signals';
import { Dice5 } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { call, type Task } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { session } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { toastFailure } from '../../../components/toasts.tsx';
import { formatCredits, formatSeconds, formatTime } from '../../../i18n/format.ts';
import { wordOf } from '../../../components/words.ts';
import { strings } from '../strings.ts';
import panel from './task-detail.module.css';
import styles from './task-facts.module.css';

/** Who asked for a task and when, how long it took, what it cost, and its seed. */
export function TaskFacts({ task }: { task: Task }): VNode {
  const { detail } = strings.value;
  const { submitTime, startTime, finishTime } = task;
  const keyName = session.value.kind === 'signed-in' ? session.value.session.keyName : null;
  return (
    <section class={panel['panel']}>
      <h2>{detail.facts}</h2>
      <dl class={styles['facts']}>
        <Fact name={detail.id}>
          <span class="mono">{task.id}</span> <CopyButton text={task.id} />
        </Fact>
        {keyName !== null && keyName !== '' && <Fact name={detail.key}>{keyName}</Fact>}
        <Fact name={detail.submitted}>{formatTime(submitTime)}</Fact>
        {startTime > submitTime && <Fact name={detail.waited}>{formatSeconds((startTime - submitTime) / 1_000)}</Fact>}
        {startTime > 0 && finishTime > startTime && (
          <Fact name={detail.ran}>{formatSeconds((finishTime - startTime) / 1_000)}</Fact>
        )}
        <Fact name={detail.mode}>{wordOf(task.mode)}</Fact>
        <Fact name={detail.cost}>{detail.credits(formatCredits(task.cost))}</Fact>
        {task.state !== '' && <Fact name={detail.state}>{task.state}</Fact>}
        {task.status === 'SUCCESS' && task.imageUrl !== '' && (
          <Fact name={detail.seed}>
            <Seed task={task} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div class={styles['fact']}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The seed is asked of the upstream when somebody wants to know it. */
function Seed({ task }: { task: Task }): VNode {
  const asked = useSignal('');
  const isBusy = useSignal(false);
  const seed = task.seed || asked.value;
  const ask = async (): Promise<void> => {
    isBusy.value = true;
    try {
      asked.value = (await call<{ result: string }>('GET', `/mj/task/${task.id}/image-seed`)).result;
    } catch (error) {
      toastFailure(asFailure(error));
    }
    isBusy.value = false;
  };
  return seed === '' ? (
    <Button kind="quiet" isSmall icon={Dice5} isBusy={isBusy.value} onClick={() => void ask()}>
      {strings.value.detail.getSeed}
    </Button>
  ) : (
    <>
      <span class="mono">{seed}</span> <CopyButton text={seed} />
    </>
  );
}

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { asFailure } from '../../../api/failure.ts';
import { useResource } from '../../../api/resource.ts';
import { actFor, session } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { FailedState, Skeleton } from '../../../components/states.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import { toastFailure } from '../../../components/toasts.tsx';
import { readPublicTask, type Dossier } from './dossier.ts';
import styles from './drawer-table.module.css';
import { strings } from './strings.ts';

type View = 'mj' | 'admin';

/** The task as JSON: as its client reads it, and as the admin API gives it. */
export function RawTab({ dossier }: { dossier: Dossier }): VNode {
  const { raw: texts } = strings.value;
  const view = useSignal<View>('admin');
  return (
    <Tabs<View>
      label={texts.label}
      tabs={[
        { name: 'admin', label: texts.admin },
        { name: 'mj', label: texts.mj },
      ]}
      chosen={view.value}
      onChoose={(name) => (view.value = name)}
    >
      <div class={styles['raw']}>
        {view.value === 'admin' ? (
          <CodeBlock text={JSON.stringify(dossier, null, 2)} label={texts.admin} />
        ) : (
          <PublicTask dossier={dossier} />
        )}
      </div>
    </Tabs>
  );
}

/** /mj shows a task to its own key only: an admin who works as another one is asked to change. */
function PublicTask({ dossier: { task } }: { dossier: Dossier }): VNode {
  const { raw: texts } = strings.value;
  const now = session.value;
  const isOwn = now.kind === 'signed-in' && now.session.keyId === task.keyId;
  const [resource, refresh] = useResource(isOwn ? `${task.id} ${task.version}` : null, (signal) =>
    readPublicTask(task.id, signal),
  );
  if (!isOwn) {
    const change = (): void => void actFor(task.keyId).catch((error: unknown) => toastFailure(asFailure(error)));
    return (
      <div class={styles['tab']}>
        <p class="soft">{texts.otherKey(task.keyName)}</p>
        <div>
          <Button onClick={change}>{texts.actFor(task.keyName)}</Button>
        </div>
      </div>
    );
  }
  const { value, failure } = resource.value;
  if (value !== null) return <CodeBlock text={JSON.stringify(value, null, 2)} label={texts.mj} />;
  return failure === null ? <Skeleton height="240px" /> : <FailedState failure={failure} onRetry={refresh} />;
}

import type { VNode } from 'preact';
import { call } from '../../../api/client.ts';
import { useResource } from '../../../api/resource.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { FailedState } from '../../../components/states.tsx';
import { toast } from '../../../components/toasts.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import { ConfirmDialog } from '../forms/confirm-dialog.tsx';
import { strings } from './strings.ts';
import { TestResult } from './test-result.tsx';
import type { Upstream, UpstreamTest } from './upstream-draft.ts';
import { UpstreamForm } from './upstream-form.tsx';

/** The window over the list of upstreams. */
export type OpenWindow = { kind: 'create' } | { kind: 'edit' | 'test' | 'disable' | 'retire'; upstream: Upstream };

/** Shows what was opened of an upstream. */
export function UpstreamWindow({
  window,
  onChanged,
  onClose,
}: {
  window: OpenWindow;
  onChanged: () => void;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const done = (): void => {
    onChanged();
    onClose();
  };
  if (window.kind === 'create') return <UpstreamForm onDone={done} onClose={onClose} />;
  const { upstream } = window;
  const { id, name, running } = upstream;
  const tasks = formatNumber(running);
  switch (window.kind) {
    case 'edit':
      return <UpstreamForm of={upstream} onDone={done} onClose={onClose} />;
    case 'test':
      return <TestDialog upstream={upstream} onClose={onClose} />;
    case 'disable': {
      const effects = texts.disableEffects;
      return (
        <ConfirmDialog
          title={texts.disableTitle(name)}
          effects={[effects.work, running > 0 ? effects.tasks(tasks) : effects.noTasks, effects.followUps]}
          action={texts.disable}
          onConfirm={async () => {
            await call('PATCH', `/admin/upstreams/${id}`, { body: { enabled: false } });
            toast(texts.disabled(name), 'success');
            onChanged();
          }}
          onClose={onClose}
        />
      );
    }
    case 'retire': {
      const effects = texts.retireEffects;
      return (
        <ConfirmDialog
          title={texts.retireTitle(name)}
          effects={[effects.never, ...(running > 0 ? [effects.tasks(tasks)] : []), effects.followUps]}
          action={texts.retire}
          name={name}
          onConfirm={async () => {
            await call('DELETE', `/admin/upstreams/${id}`);
            toast(texts.retired(name), 'success');
            onChanged();
          }}
          onClose={onClose}
        />
      );
    }
  }
}

function TestDialog({ upstream, onClose }: { upstream: Upstream; onClose: () => void }): VNode {
  const texts = strings.value;
  const [test, again] = useResource(upstream.id, (signal) =>
    call<UpstreamTest>('POST', `/admin/upstreams/${upstream.id}/test`, { signal }),
  );
  const { value, failure } = test.value;
  return (
    <Dialog title={texts.testTitle(upstream.name)} onClose={onClose}>
      {value !== null ? (
        <TestResult test={value} />
      ) : failure === null ? (
        <p role="status">{texts.testing}</p>
      ) : (
        <FailedState failure={failure} onRetry={again} />
      )}
    </Dialog>
  );
}

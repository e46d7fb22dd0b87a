import { useSignal } from '@preact/signals';
import { Ban, Undo2 } from 'lucide';
import type { VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { AdminActionDialog } from './admin-action-dialog.tsx';
import { strings } from './action-strings.ts';
import type { Dossier } from './dossier.ts';

/** What an admin can do with a task, as far as its state allows it. */
export function AdminActions({ dossier, onChanged }: { dossier: Dossier; onChanged: () => void }): VNode {
  const texts = strings.value;
  const asked = useSignal<'fail' | 'refund' | null>(null);
  const { finishedAt, cost } = dossier.task;
  return (
    <>
      {finishedAt === null && (
        <Button isSmall kind="danger" icon={Ban} onClick={() => (asked.value = 'fail')}>
          {texts.fail}
        </Button>
      )}
      {Number(cost) > 0 && (
        <Button isSmall icon={Undo2} onClick={() => (asked.value = 'refund')}>
          {texts.refund}
        </Button>
      )}
      {asked.value !== null && (
        <AdminActionDialog
          action={asked.value}
          dossier={dossier}
          onClose={() => (asked.value = null)}
          onChanged={onChanged}
        />
      )}
    </>
  );
}

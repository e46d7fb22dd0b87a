import { useSignal } from '@preact/signals';
import { PlugZap } from 'lucide';
import type { VNode } from 'preact';
import { call } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { strings as common } from '../../../components/strings.ts';
import { toast } from '../../../components/toasts.tsx';
import { NOT_REFUSED, refusalOf, type Refusal } from '../forms/field-errors.ts';
import styles from '../operation-page.module.css';
import { strings as page } from '../strings.ts';
import { strings } from './strings.ts';
import { TestResult } from './test-result.tsx';
import {
  changesOf,
  createBodyOf,
  draftOf,
  FIELDS,
  type Upstream,
  type UpstreamDraft,
  type UpstreamTest,
} from './upstream-draft.ts';
import { UpstreamFields } from './upstream-fields.tsx';

/** Adds an upstream, which is tested before, or changes one. @param of absent: a new one */
export function UpstreamForm({
  of,
  onDone,
  onClose,
}: {
  of?: Upstream;
  onDone: () => void;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const began = draftOf(of);
  const draft = useSignal(began);
  const refusal = useSignal<Refusal>(NOT_REFUSED);
  const test = useSignal<UpstreamTest | null>(null);
  const busy = useSignal<'test' | 'save' | null>(null);
  const isNew = of === undefined;
  const set = (changed: Partial<UpstreamDraft>): void => {
    draft.value = { ...draft.value, ...changed };
    // What was tested is another one now.
    if ('kind' in changed || 'baseUrl' in changed || 'secret' in changed) test.value = null;
  };
  const attempt = async (what: 'test' | 'save', work: () => Promise<void>): Promise<void> => {
    busy.value = what;
    refusal.value = NOT_REFUSED;
    try {
      await work();
    } catch (error) {
      refusal.value = refusalOf(error, FIELDS);
    } finally {
      busy.value = null;
    }
  };
  const tryIt = (): Promise<void> =>
    attempt('test', async () => {
      test.value = await call<UpstreamTest>('POST', '/admin/upstreams/test', { body: createBodyOf(draft.value) });
    });
  const save = (): Promise<void> =>
    attempt('save', async () => {
      if (isNew) {
        await call('POST', '/admin/upstreams', { body: createBodyOf(draft.value) });
        toast(texts.added(draft.value.name.trim()), 'success');
      } else {
        await call('PATCH', `/admin/upstreams/${of.id}`, { body: changesOf(draft.value, began) });
        toast(texts.saved, 'success');
      }
      onDone();
    });
  const isIncomplete = draft.value.name.trim() === '' || draft.value.baseUrl.trim() === '';
  const isTested = test.value?.ok === true;
  return (
    <Dialog
      title={isNew ? texts.createTitle : texts.editTitle(of.name)}
      onSubmit={() => void (isNew && !isTested ? tryIt() : save())}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          {isNew && (
            <Button
              kind={isTested ? 'plain' : 'primary'}
              icon={PlugZap}
              isBusy={busy.value === 'test'}
              disabled={isIncomplete}
              {...(isTested ? { onClick: () => void tryIt() } : { type: 'submit' })}
            >
              {texts.testIt}
            </Button>
          )}
          <Button
            kind={!isNew || isTested ? 'primary' : 'plain'}
            isBusy={busy.value === 'save'}
            disabled={isIncomplete || (isNew && test.value === null)}
            title={isNew && test.value === null ? texts.addUntested : undefined}
            {...(isNew && !isTested ? { onClick: () => void save() } : { type: 'submit' })}
          >
            {isNew ? texts.add : page.value.save}
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        {refusal.value.rest !== null && (
          <p class={styles['refused']} role="alert">
            {refusal.value.rest}
          </p>
        )}
        <UpstreamFields draft={draft.value} isNew={isNew} errors={refusal.value.byField} onChange={set} />
        {isNew && test.value === null && <p class={styles['note']}>{texts.addUntested}</p>}
        {test.value !== null && <TestResult test={test.value} />}
      </div>
    </Dialog>
  );
}

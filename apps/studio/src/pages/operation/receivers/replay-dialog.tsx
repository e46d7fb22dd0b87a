import { useSignal } from '@preact/signals';
import { Redo2 } from 'lucide';
import type { VNode } from 'preact';
import { call, type Schemas } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { failureText } from '../../../components/failure-text.ts';
import { SelectField, TextField } from '../../../components/field.tsx';
import { strings as common } from '../../../components/strings.ts';
import { toast } from '../../../components/toasts.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import { fromLocalInput, toLocalInput } from '../../../i18n/local-input.ts';
import styles from '../operation-page.module.css';
import { strings } from './strings.ts';

type Replayed = Schemas['ReplayedDto'];
type State = '' | 'dead' | 'waiting';
const DAY_MS = 86_400_000;

/** Sends the hooks of a receiver again, after they were counted. */
export function ReplayDialog({
  host,
  onDone,
  onClose,
}: {
  host: string;
  onDone: () => void;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const since = useSignal(toLocalInput(new Date(Date.now() - DAY_MS).toISOString()));
  const state = useSignal<State>('dead');
  const counted = useSignal<Replayed | null>(null);
  const wrong = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const from = fromLocalInput(since.value);
  const ask = async (dryRun: boolean): Promise<void> => {
    isBusy.value = true;
    wrong.value = null;
    try {
      const until = counted.value?.until;
      const body = {
        since: from,
        host,
        dryRun,
        ...(state.value === '' ? {} : { state: state.value }),
        // What was counted is what is sent: hooks that were tried meanwhile are left alone.
        ...(dryRun || until === undefined ? {} : { until }),
      };
      const answer = await call<Replayed>('POST', '/admin/hooks/replay', { body });
      if (dryRun) counted.value = answer;
      else {
        toast(texts.done(formatNumber(answer.count)), 'success');
        onDone();
      }
    } catch (error) {
      wrong.value = failureText(asFailure(error));
    } finally {
      isBusy.value = false;
    }
  };
  const found = counted.value;
  const isCounted = found !== null && found.count > 0;
  return (
    <Dialog
      title={texts.title(host)}
      onSubmit={() => void ask(!isCounted)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" icon={Redo2} isBusy={isBusy.value} disabled={from === ''} type="submit">
            {isCounted ? texts.send(formatNumber(found.count)) : texts.count}
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        <p>{texts.text}</p>
        <div class={styles['pair']}>
          <TextField
            label={texts.from}
            type="datetime-local"
            error={from === '' ? texts.wrongTime : null}
            value={since.value}
            onChange={(text) => {
              since.value = text;
              counted.value = null;
            }}
          />
          <SelectField
            label={texts.which}
            value={state.value}
            options={[
              { value: 'dead', label: texts.dead },
              { value: 'waiting', label: texts.waiting },
              { value: '', label: texts.any },
            ]}
            onChange={(value) => {
              state.value = value;
              counted.value = null;
            }}
          />
        </div>
        <p aria-live="polite">
          {found === null ? '' : isCounted ? texts.counted(formatNumber(found.count)) : texts.countedNone}
          {found?.more === true && ` ${texts.more}`}
        </p>
        {wrong.value !== null && (
          <p class={styles['refused']} role="alert">
            {wrong.value}
          </p>
        )}
      </div>
    </Dialog>
  );
}

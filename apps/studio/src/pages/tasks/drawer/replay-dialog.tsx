import { useSignal } from '@preact/signals';
import { Redo2 } from 'lucide';
import type { VNode } from 'preact';
import { call, type Schemas } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { strings as common } from '../../../components/strings.ts';
import { toast, toastFailure } from '../../../components/toasts.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import { fromLocalInput, toLocalInput } from '../../../i18n/local-input.ts';
import styles from './drawer-table.module.css';
import { strings } from './hook-strings.ts';

type Replayed = Schemas['ReplayedDto'];

const USUAL_SPAN_MS = 3_600_000;
const STATES = ['dead', 'waiting', 'delivered', 'cancelled', 'dropped'] as const;

/** Sends the hooks of a receiver again that were tried since a time. It counts them first; only then they can be sent. */
export function ReplayDialog({
  host,
  onClose,
  onReplayed,
}: {
  host: string;
  onClose: () => void;
  onReplayed: () => void;
}): VNode {
  const { replay: texts, hooks } = strings.value;
  const since = useSignal(toLocalInput(new Date(Date.now() - USUAL_SPAN_MS).toISOString()));
  const state = useSignal<'' | (typeof STATES)[number]>('dead');
  const counted = useSignal<Replayed | null>(null);
  const isBusy = useSignal(false);
  const iso = fromLocalInput(since.value);
  const change = (apply: () => void): void => {
    apply();
    counted.value = null;
  };
  const ask = async (dryRun: boolean): Promise<void> => {
    isBusy.value = true;
    try {
      const until = counted.value?.until;
      const body = {
        since: iso,
        host,
        ...(state.value === '' ? {} : { state: state.value }),
        // What was counted is what is sent: hooks that were tried meanwhile are left alone.
        ...(dryRun || until === undefined ? {} : { until }),
        dryRun,
      };
      const answer = await call<Replayed>('POST', '/admin/hooks/replay', { body });
      if (dryRun) {
        counted.value = answer;
        return;
      }
      toast(texts.done(formatNumber(answer.count)), 'success');
      onReplayed();
      onClose();
    } catch (error) {
      toastFailure(asFailure(error));
    } finally {
      isBusy.value = false;
    }
  };
  const found = counted.value;
  const isCounted = found !== null && found.count > 0;
  return (
    <Dialog
      title={texts.title}
      onSubmit={() => void ask(!isCounted)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          {isCounted ? (
            <Button kind="primary" type="submit" icon={Redo2} isBusy={isBusy.value}>
              {texts.send(formatNumber(found.count))}
            </Button>
          ) : (
            <Button kind="primary" type="submit" isBusy={isBusy.value} disabled={iso === ''}>
              {texts.count}
            </Button>
          )}
        </>
      }
    >
      <div class={styles['tab']}>
        <p>{texts.text(host)}</p>
        <TextField
          label={texts.since}
          type="datetime-local"
          error={iso === '' ? texts.wrongTime : null}
          value={since.value}
          onChange={(text) => change(() => (since.value = text))}
        />
        <SelectField
          label={texts.state}
          value={state.value}
          options={[{ value: '', label: texts.any }, ...STATES.map((value) => ({ value, label: hooks.states[value] }))]}
          onChange={(value) => change(() => (state.value = value))}
        />
        <p aria-live="polite">
          {found === null ? '' : found.count === 0 ? texts.countedNone : texts.counted(formatNumber(found.count))}
          {found?.more === true && ` ${texts.more}`}
        </p>
      </div>
    </Dialog>
  );
}

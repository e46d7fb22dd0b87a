import { Redo2 } from 'lucide';
import type { VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { useReplay } from '../../../components/replay/use-replay.ts';
import { strings as common } from '../../../components/strings.ts';
import { toast, toastFailure } from '../../../components/toasts.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import styles from './drawer-table.module.css';
import { strings } from './hook-strings.ts';

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
  const replay = useReplay({
    host,
    spanMs: USUAL_SPAN_MS,
    onSent: (count) => {
      toast(texts.done(formatNumber(count)), 'success');
      onReplayed();
      onClose();
    },
    onFailure: (failure) => failure !== null && toastFailure(failure),
  });
  const found = replay.counted.value;
  const isCounted = found !== null && found.count > 0;
  return (
    <Dialog
      title={texts.title}
      onSubmit={replay.go}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          {isCounted ? (
            <Button kind="primary" type="submit" icon={Redo2} isBusy={replay.isBusy.value}>
              {texts.send(formatNumber(found.count))}
            </Button>
          ) : (
            <Button kind="primary" type="submit" isBusy={replay.isBusy.value} disabled={!replay.hasTime}>
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
          error={replay.hasTime ? null : texts.wrongTime}
          value={replay.since.value}
          onChange={(text) => replay.choose({ since: text })}
        />
        <SelectField
          label={texts.state}
          value={replay.state.value}
          options={[{ value: '', label: texts.any }, ...STATES.map((value) => ({ value, label: hooks.states[value] }))]}
          onChange={(state) => replay.choose({ state })}
        />
        <p aria-live="polite">
          {found === null ? '' : found.count === 0 ? texts.countedNone : texts.counted(formatNumber(found.count))}
          {found?.more === true && ` ${texts.more}`}
        </p>
      </div>
    </Dialog>
  );
}

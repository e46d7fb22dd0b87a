import { useSignal } from '@preact/signals';
import { Redo2 } from 'lucide';
import type { VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { failureText } from '../../../components/failure-text.ts';
import { SelectField, TextField } from '../../../components/field.tsx';
import { useReplay } from '../../../components/replay/use-replay.ts';
import { strings as common } from '../../../components/strings.ts';
import { toast } from '../../../components/toasts.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import styles from '../operation-page.module.css';
import { strings } from './strings.ts';

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
  const wrong = useSignal<string | null>(null);
  const replay = useReplay({
    host,
    spanMs: DAY_MS,
    onSent: (count) => {
      toast(texts.done(formatNumber(count)), 'success');
      onDone();
    },
    onFailure: (failure) => (wrong.value = failure === null ? null : failureText(failure)),
  });
  const found = replay.counted.value;
  const isCounted = found !== null && found.count > 0;
  return (
    <Dialog
      title={texts.title(host)}
      onSubmit={replay.go}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" icon={Redo2} isBusy={replay.isBusy.value} disabled={!replay.hasTime} type="submit">
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
            error={replay.hasTime ? null : texts.wrongTime}
            value={replay.since.value}
            onChange={(text) => replay.choose({ since: text })}
          />
          <SelectField
            label={texts.which}
            value={replay.state.value}
            options={[
              { value: 'dead', label: texts.dead },
              { value: 'waiting', label: texts.waiting },
              { value: '', label: texts.any },
            ]}
            onChange={(state) => replay.choose({ state })}
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

import { useSignal } from '@preact/signals';
import { Redo2, Webhook } from 'lucide';
import type { VNode } from 'preact';
import type { Schemas } from '../../../api/client.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { formatAge, formatNumber } from '../../../i18n/format.ts';
import styles from '../operation-page.module.css';
import { Ago } from '../records/ago.tsx';
import { PagedList } from '../records/paged-list.tsx';
import { usePaged } from '../records/paged.ts';
import type { Column } from '../records/record-table.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { strings } from './strings.ts';

type Receiver = Schemas['ReceiverDto'];
type State = '' | 'failing' | 'healthy';
const EVERY_MS = 10_000;

/** Who is told of tasks by hooks, how that goes, and what can be sent again. */
export function ReceiversTab(): VNode {
  const texts = strings.value;
  const host = useSignal('');
  const state = useSignal<State>('');
  const replayed = useSignal<string | null>(null);
  const query = {
    ...(host.value.trim() === '' ? {} : { host: host.value.trim() }),
    ...(state.value === '' ? {} : { state: state.value }),
  };
  const list = usePaged<Receiver>('/admin/receivers', query, EVERY_MS);
  return (
    <div class={styles['tab']}>
      <div class={styles['tools']}>
        <TextField
          label={texts.search}
          type="search"
          placeholder={texts.searchPlaceholder}
          value={host.value}
          onChange={(text) => (host.value = text)}
        />
        <SelectField
          label={texts.state}
          value={state.value}
          options={[
            { value: '', label: texts.anyState },
            { value: 'failing', label: texts.states.failing },
            { value: 'healthy', label: texts.states.healthy },
          ]}
          onChange={(value) => (state.value = value)}
        />
      </div>
      <PagedList
        list={list}
        label={texts.list}
        columns={columnsOf((chosen) => (replayed.value = chosen))}
        keyOf={(receiver) => receiver.host}
        empty={<EmptyState icon={Webhook} title={texts.empty} text={texts.emptyText} />}
      />
      {replayed.value !== null && (
        <ReplayDialog
          host={replayed.value}
          onDone={() => {
            list.again();
            replayed.value = null;
          }}
          onClose={() => (replayed.value = null)}
        />
      )}
    </div>
  );
}

function columnsOf(onReplay: (host: string) => void): Column<Receiver>[] {
  const texts = strings.value;
  const { column, states } = texts;
  const classes: Record<string, string> = texts.classes;
  return [
    { name: 'host', label: column.host, cell: ({ host }) => host },
    {
      name: 'state',
      label: column.state,
      cell: ({ state, failingSince }) => (
        <span>
          <Badge tone={state === 'failing' ? 'danger' : 'success'}>{states[state]}</Badge>{' '}
          {failingSince !== null && <span class="soft">{texts.since(formatAge(failingSince))}</span>}
        </span>
      ),
    },
    { name: 'pending', label: column.pending, isNumber: true, cell: ({ pending }) => formatNumber(pending) },
    { name: 'dead', label: column.dead, isNumber: true, cell: ({ dead }) => formatNumber(dead) },
    {
      name: 'delivered',
      label: column.delivered,
      isNumber: true,
      cell: ({ delivered24h }) => formatNumber(delivered24h),
    },
    { name: 'oldest', label: column.oldest, cell: ({ oldestPendingAt }) => <Ago at={oldestPendingAt} /> },
    {
      name: 'last',
      label: column.last,
      cell: ({ lastClass, lastStatus, lastAt }) =>
        lastClass === null ? (
          <Ago at={null} />
        ) : (
          <span>
            {classes[lastClass] ?? lastClass}
            {lastStatus !== null && ` (${String(lastStatus)})`}{' '}
            <span class="soft">
              · <Ago at={lastAt} />
            </span>
          </span>
        ),
    },
    {
      name: 'actions',
      label: column.actions,
      isLabelHidden: true,
      cell: ({ host }) => (
        <span class={styles['buttons']}>
          <Button isSmall icon={Redo2} aria-label={texts.replayOf(host)} onClick={() => onReplay(host)}>
            {texts.replay}
          </Button>
        </span>
      ),
    },
  ];
}

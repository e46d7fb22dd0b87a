import { useSignal } from '@preact/signals';
import { Archive, Pause, Pencil, Play, PlugZap, Plus, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { call } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button, IconButton } from '../../../components/button.tsx';
import { CheckField } from '../../../components/field.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { toast, toastFailure } from '../../../components/toasts.tsx';
import { wordOf } from '../../../components/words.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { errorWords } from '../error-words.ts';
import styles from '../operation-page.module.css';
import { Ago } from '../records/ago.tsx';
import { PagedList } from '../records/paged-list.tsx';
import { usePaged } from '../records/paged.ts';
import type { Column } from '../records/record-table.tsx';
import { SlotMeter } from '../records/slot-meter.tsx';
import { strings as page } from '../strings.ts';
import { strings } from './strings.ts';
import type { Upstream } from './upstream-draft.ts';
import { UpstreamWindow, type OpenWindow } from './upstream-window.tsx';

const EVERY_MS = 5_000;

/** Servers that make the pictures: added, tested, weighed, drained and retired here. */
export function UpstreamsTab(): VNode {
  const texts = strings.value;
  const open = useSignal<OpenWindow | null>(null);
  const hasRetired = useSignal(false);
  const list = usePaged<Upstream>('/admin/upstreams', {}, EVERY_MS);
  const shown = list.rows?.filter(({ retiredAt }) => hasRetired.value || retiredAt === null) ?? null;
  const enable = async ({ id, name }: Upstream): Promise<void> => {
    try {
      await call('PATCH', `/admin/upstreams/${id}`, { body: { enabled: true } });
      toast(texts.enabled(name), 'success');
      list.again();
    } catch (error) {
      toastFailure(asFailure(error));
    }
  };
  const add = (
    <Button kind="primary" icon={Plus} onClick={() => (open.value = { kind: 'create' })}>
      {texts.create}
    </Button>
  );
  return (
    <div class={styles['tab']}>
      <div class={styles['tools']}>
        <CheckField
          label={texts.showRetired}
          isChecked={hasRetired.value}
          onChange={(isChecked) => (hasRetired.value = isChecked)}
        />
        {add}
      </div>
      <PagedList
        list={{ ...list, rows: shown }}
        label={texts.list}
        columns={columnsOf(
          (window) => (open.value = window),
          (upstream) => void enable(upstream),
        )}
        keyOf={({ id }) => id}
        isMuted={({ enabled, retiredAt }) => !enabled || retiredAt !== null}
        empty={<EmptyState title={texts.empty} text={texts.emptyText} />}
      />
      {open.value !== null && (
        <UpstreamWindow window={open.value} onChanged={list.again} onClose={() => (open.value = null)} />
      )}
    </div>
  );
}

function columnsOf(onWindow: (window: OpenWindow) => void, onEnable: (upstream: Upstream) => void): Column<Upstream>[] {
  const texts = strings.value;
  const { column, actions } = texts;
  const button = (action: keyof typeof actions, icon: IconNode, name: string, press: () => void): VNode => (
    <IconButton isSmall icon={icon} label={texts.actionOf(actions[action], name)} onClick={press} />
  );
  return [
    {
      name: 'name',
      label: column.name,
      cell: ({ name, kind, baseUrl }) => (
        <span>
          {name} <span class="soft">{kind}</span>
          <br />
          <span class="mono soft">{baseUrl}</span>
        </span>
      ),
    },
    { name: 'state', label: column.state, cell: (row) => <State {...row} /> },
    {
      name: 'slots',
      label: column.slots,
      cell: ({ running, maxConcurrent }) => <SlotMeter running={running} slots={maxConcurrent} />,
    },
    {
      name: 'order',
      label: column.order,
      isNumber: true,
      cell: ({ priority, weight }) => `${formatNumber(priority)} · ${formatNumber(weight)}`,
    },
    {
      name: 'work',
      label: column.work,
      cell: ({ modes, actions: some }) => {
        const limits = [...(modes ?? []), ...(some ?? [])].map(wordOf);
        return limits.length === 0 ? <span class="soft">{texts.allWork}</span> : limits.join(', ');
      },
    },
    {
      name: 'lastError',
      label: column.lastError,
      cell: ({ lastError, lastErrorAt }) =>
        lastError === null ? (
          <span class="soft">{page.value.none}</span>
        ) : (
          <span>
            {errorWords(lastError)}{' '}
            <span class="soft">
              · <Ago at={lastErrorAt} />
            </span>
          </span>
        ),
    },
    {
      name: 'actions',
      label: column.actions,
      isLabelHidden: true,
      cell: (upstream) => {
        if (upstream.retiredAt !== null) return null;
        const { name, enabled } = upstream;
        return (
          <span class={styles['buttons']}>
            {button('test', PlugZap, name, () => onWindow({ kind: 'test', upstream }))}
            {button('edit', Pencil, name, () => onWindow({ kind: 'edit', upstream }))}
            {enabled
              ? button('disable', Pause, name, () => onWindow({ kind: 'disable', upstream }))
              : button('enable', Play, name, () => onEnable(upstream))}
            {button('retire', Archive, name, () => onWindow({ kind: 'retire', upstream }))}
          </span>
        );
      },
    },
  ];
}

function State({ enabled, retiredAt, misconfigured, circuit, running }: Upstream): VNode {
  const texts = page.value;
  if (retiredAt !== null) return <Badge>{texts.retired}</Badge>;
  if (!enabled)
    return <Badge tone={running > 0 ? 'warning' : 'neutral'}>{running > 0 ? texts.draining : texts.disabled}</Badge>;
  if (misconfigured) return <Badge tone="danger">{texts.misconfigured}</Badge>;
  const tone = circuit === 'closed' ? 'success' : circuit === 'open' ? 'danger' : 'warning';
  return <Badge tone={tone}>{texts.circuits[circuit]}</Badge>;
}

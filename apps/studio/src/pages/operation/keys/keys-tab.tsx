import { useSignal } from '@preact/signals';
import { ChartLine, Coins, KeyRound, Pencil, Plus, Trash2 } from 'lucide';
import type { VNode } from 'preact';
import { reportedKey } from '../../../api/named-rows.ts';
import { session } from '../../../app/session.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button, IconButton } from '../../../components/button.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { formatCredits, formatNumber } from '../../../i18n/format.ts';
import styles from '../operation-page.module.css';
import { Ago } from '../records/ago.tsx';
import { PagedList } from '../records/paged-list.tsx';
import { usePaged } from '../records/paged.ts';
import type { Column } from '../records/record-table.tsx';
import { strings as page } from '../strings.ts';
import type { ApiKey } from './key-draft.ts';
import { KeyWindow, type OpenWindow } from './key-window.tsx';
import { strings } from './strings.ts';

const EVERY_MS = 30_000;
type Status = '' | 'live' | 'expired' | 'revoked';

/** Keys of clients: made, limited, topped up and revoked here. */
export function KeysTab(): VNode {
  const texts = strings.value;
  const q = useSignal('');
  const status = useSignal<Status>('live');
  const open = useSignal<OpenWindow | null>(null);
  const query = {
    ...(q.value.trim() === '' ? {} : { q: q.value.trim() }),
    ...(status.value === '' ? {} : { status: status.value }),
  };
  const list = usePaged<ApiKey>('/admin/keys', query, EVERY_MS);
  const own = session.value.kind === 'signed-in' ? session.value.session.keyId : null;
  return (
    <div class={styles['tab']}>
      <div class={styles['tools']}>
        <TextField
          label={texts.search}
          type="search"
          placeholder={texts.searchPlaceholder}
          value={q.value}
          onChange={(text) => (q.value = text)}
        />
        <SelectField
          label={texts.status}
          value={status.value}
          options={(Object.keys(texts.statuses) as Status[]).map((value) => ({ value, label: texts.statuses[value] }))}
          onChange={(value) => (status.value = value)}
        />
        <Button kind="primary" icon={Plus} onClick={() => (open.value = { kind: 'create' })}>
          {texts.create}
        </Button>
      </div>
      <PagedList
        list={list}
        label={texts.list}
        columns={columnsOf(own, (window) => (open.value = window))}
        keyOf={({ id }) => id}
        isMuted={(key) => stateOf(key) !== 'live'}
        empty={<EmptyState icon={KeyRound} title={texts.empty} />}
      />
      {open.value !== null && (
        <KeyWindow
          window={open.value}
          ownId={own}
          reportedName={
            'key' in open.value ? (reportedKey(list.rows ?? [], open.value.key.id) ?? open.value.key.name) : ''
          }
          onWindow={(window) => (open.value = window)}
          onChanged={list.again}
        />
      )}
    </div>
  );
}

function stateOf({ revokedAt, expiresAt }: ApiKey): 'live' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && new Date(expiresAt) <= new Date() ? 'expired' : 'live';
}

function columnsOf(own: string | null, onWindow: (window: OpenWindow) => void): Column<ApiKey>[] {
  const texts = strings.value;
  const { column, actions } = texts;
  const tone = { live: 'success', expired: 'warning', revoked: 'neutral' } as const;
  const button = (kind: Exclude<OpenWindow['kind'], 'create' | 'secrets'>, icon: typeof Pencil, key: ApiKey): VNode => (
    <IconButton
      isSmall
      icon={icon}
      label={texts.actionOf(actions[kind], key.name)}
      onClick={() => onWindow({ kind, key })}
    />
  );
  return [
    {
      name: 'name',
      label: column.name,
      cell: ({ id, name, prefix }) => (
        <span>
          {name} <span class="mono soft">{prefix}…</span> {id === own && <Badge tone="info">{texts.own}</Badge>}
        </span>
      ),
    },
    {
      name: 'state',
      label: column.state,
      cell: (key) => <Badge tone={tone[stateOf(key)]}>{texts.states[stateOf(key)]}</Badge>,
    },
    {
      name: 'credits',
      label: column.credits,
      isNumber: true,
      cell: ({ credits }) =>
        credits === null ? <span class="soft">{page.value.unlimited}</span> : formatCredits(credits),
    },
    {
      name: 'month',
      label: column.month,
      isNumber: true,
      cell: ({ spentThisMonth, monthlySpend }) =>
        monthlySpend === null
          ? formatCredits(spentThisMonth)
          : page.value.slots(formatCredits(spentThisMonth), formatCredits(monthlySpend)),
    },
    {
      name: 'running',
      label: column.running,
      isNumber: true,
      cell: ({ running, maxConcurrent }) =>
        maxConcurrent === null
          ? formatNumber(running)
          : page.value.slots(formatNumber(running), formatNumber(maxConcurrent)),
    },
    {
      name: 'used',
      label: column.used,
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? <span class="soft">{page.value.never}</span> : <Ago at={lastUsedAt} />,
    },
    {
      name: 'actions',
      label: column.actions,
      isLabelHidden: true,
      cell: (key) => (
        <span class={styles['buttons']}>
          {button('spend', ChartLine, key)}
          {key.revokedAt === null && (
            <>
              {button('credits', Coins, key)}
              {button('edit', Pencil, key)}
              {button('rotate', KeyRound, key)}
              {button('revoke', Trash2, key)}
            </>
          )}
        </span>
      ),
    },
  ];
}

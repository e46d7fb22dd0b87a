import { useSignal } from '@preact/signals';
import { LogOut, Users } from 'lucide';
import type { VNode } from 'preact';
import { call, type Schemas } from '../../../api/client.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { toast } from '../../../components/toasts.tsx';
import { ConfirmDialog } from '../forms/confirm-dialog.tsx';
import styles from '../operation-page.module.css';
import { Ago } from '../records/ago.tsx';
import { PagedList } from '../records/paged-list.tsx';
import { usePaged } from '../records/paged.ts';
import type { Column } from '../records/record-table.tsx';
import { strings } from './strings.ts';

type Session = Schemas['ListedSessionDto'];
const EVERY_MS = 30_000;

/** Browsers that are signed in, each of which can be signed out. */
export function SessionsTab(): VNode {
  const texts = strings.value;
  const ended = useSignal<Session | null>(null);
  const list = usePaged<Session>('/admin/sessions', {}, EVERY_MS);
  const { out, own, key } = texts.effects;
  return (
    <div class={styles['tab']}>
      <PagedList
        list={list}
        label={texts.list}
        columns={columnsOf((session) => (ended.value = session))}
        keyOf={({ id }) => id}
        isMuted={(session) => !isLive(session)}
        empty={<EmptyState icon={Users} title={texts.empty} />}
      />
      {ended.value !== null && (
        <ConfirmDialog
          title={texts.title}
          effects={[out, ...(ended.value.isCurrent ? [own] : []), key]}
          action={texts.revoke}
          onConfirm={async () => {
            await call('POST', `/admin/sessions/${ended.value?.id ?? ''}/revoke`);
            toast(texts.revoked, 'success');
            list.again();
          }}
          onClose={() => (ended.value = null)}
        />
      )}
    </div>
  );
}

function isLive({ revokedAt, endsAt }: Session): boolean {
  return revokedAt === null && new Date(endsAt) > new Date();
}

function columnsOf(onEnd: (session: Session) => void): Column<Session>[] {
  const texts = strings.value;
  const { column, roles } = texts;
  const whoOf = ({ role, keyName }: Session): string =>
    keyName === null ? roles[role] : `${roles[role]} · ${keyName}`;
  return [
    { name: 'who', label: column.who, cell: whoOf },
    {
      name: 'state',
      label: column.state,
      cell: (session) =>
        isLive(session) ? (
          <Badge tone={session.isCurrent ? 'info' : 'success'}>{session.isCurrent ? texts.current : texts.live}</Badge>
        ) : (
          <Badge>{texts.ended}</Badge>
        ),
    },
    { name: 'address', label: column.address, cell: ({ address }) => <span class="mono">{address}</span> },
    {
      name: 'browser',
      label: column.browser,
      cell: ({ userAgent }) => <span class={styles['agent']}>{userAgent}</span>,
    },
    { name: 'created', label: column.created, cell: ({ createdAt }) => <Ago at={createdAt} /> },
    { name: 'used', label: column.used, cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} /> },
    { name: 'ends', label: column.ends, cell: ({ endsAt }) => <Ago at={endsAt} /> },
    {
      name: 'actions',
      label: column.actions,
      isLabelHidden: true,
      cell: (session) =>
        isLive(session) ? (
          <span class={styles['buttons']}>
            <Button isSmall icon={LogOut} aria-label={texts.revokeOf(whoOf(session))} onClick={() => onEnd(session)}>
              {texts.revoke}
            </Button>
          </span>
        ) : null,
    },
  ];
}

import type { VNode } from 'preact';
import { call, type Schemas } from '../../../api/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { QuestionPanel } from '../../../components/results/question-panel.tsx';
import { toast } from '../../../components/toasts.tsx';
import { formatCredits, formatNumber } from '../../../i18n/format.ts';
import { ConfirmDialog } from '../forms/confirm-dialog.tsx';
import { CreditsDialog } from './credits-dialog.tsx';
import type { ApiKey } from './key-draft.ts';
import { KeyForm } from './key-form.tsx';
import { SecretsDialog } from './secrets-dialog.tsx';
import { strings } from './strings.ts';

/** The window over the list of keys. */
export type OpenWindow =
  | { kind: 'create' }
  | { kind: 'secrets'; secrets: { key?: string; webhookSecret: string } }
  | { kind: 'edit' | 'credits' | 'spend' | 'rotate' | 'revoke'; key: ApiKey };

const MONTH_MS = 30 * 86_400_000;

/** Shows what was opened of a key. @param reportedName the key's name in schema `report` */
export function KeyWindow({
  window,
  ownId,
  reportedName,
  onWindow,
  onChanged,
}: {
  window: OpenWindow;
  ownId: string | null;
  reportedName: string;
  onWindow: (window: OpenWindow | null) => void;
  onChanged: () => void;
}): VNode {
  const close = (): void => onWindow(null);
  const done = (): void => {
    onChanged();
    close();
  };
  switch (window.kind) {
    case 'create':
      return (
        <KeyForm
          onCreated={({ key, webhookSecret }) => {
            onChanged();
            onWindow({ kind: 'secrets', secrets: { key, webhookSecret } });
          }}
          onChanged={done}
          onClose={close}
        />
      );
    case 'secrets':
      return <SecretsDialog secrets={window.secrets} onKept={close} />;
    case 'edit':
      return <KeyForm of={window.key} onCreated={close} onChanged={done} onClose={close} />;
    case 'credits':
      return <CreditsDialog of={window.key} onChanged={done} onClose={close} />;
    case 'spend':
      return <SpendDialog name={window.key.name} reportedName={reportedName} onClose={close} />;
    case 'rotate':
      return <RotateDialog of={window.key} onWindow={onWindow} />;
    case 'revoke':
      return <RevokeDialog of={window.key} isOwn={window.key.id === ownId} onChanged={onChanged} onClose={close} />;
  }
}

function SpendDialog({
  name,
  reportedName,
  onClose,
}: {
  name: string;
  reportedName: string;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  return (
    <Dialog title={texts.spendTitle(name)} shape="wide" onClose={onClose}>
      <QuestionPanel
        name="spend"
        title={texts.perDay}
        reads={reportedName}
        parameters={() => ({ from: new Date(Date.now() - MONTH_MS).toISOString(), bucket: '1 day', key: reportedName })}
        format={formatCredits}
      />
    </Dialog>
  );
}

function RotateDialog({ of, onWindow }: { of: ApiKey; onWindow: (window: OpenWindow | null) => void }): VNode {
  const texts = strings.value;
  let made: string | null = null;
  return (
    <ConfirmDialog
      title={texts.rotateTitle(of.name)}
      effects={[texts.rotateEffects.both, texts.rotateEffects.then]}
      action={texts.rotate}
      onConfirm={async () => {
        const path = `/admin/keys/${of.id}/rotate-webhook-secret`;
        made = (await call<Schemas['RotatedSecretDto']>('POST', path)).webhookSecret;
      }}
      onClose={() => onWindow(made === null ? null : { kind: 'secrets', secrets: { webhookSecret: made } })}
    />
  );
}

function RevokeDialog({
  of,
  isOwn,
  onChanged,
  onClose,
}: {
  of: ApiKey;
  isOwn: boolean;
  onChanged: () => void;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const effects = texts.revokeEffects;
  return (
    <ConfirmDialog
      title={texts.revokeTitle(of.name)}
      effects={[
        effects.at_once,
        ...(of.running > 0 ? [effects.tasks(formatNumber(of.running))] : []),
        effects.forever,
        ...(isOwn ? [effects.own] : []),
      ]}
      action={texts.revoke}
      name={of.name}
      onConfirm={async () => {
        await call('POST', `/admin/keys/${of.id}/revoke`);
        toast(texts.revoked, 'success');
        onChanged();
      }}
      onClose={onClose}
    />
  );
}

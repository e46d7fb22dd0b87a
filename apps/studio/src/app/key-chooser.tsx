import type { VNode } from 'preact';
import { call } from '../api/client.ts';
import { asFailure } from '../api/failure.ts';
import { useResource } from '../api/resource.ts';
import { SelectField } from '../components/field.tsx';
import { toastFailure } from '../components/toasts.tsx';
import { refreshAccount } from './account.ts';
import { actFor, type Session } from './session.ts';
import { strings } from './strings.ts';

interface KeyRow {
  id: string;
  name: string;
  prefix: string;
}

const MOST_KEYS = 200;

/** Has an admin choose the key whose credits pay, and whose tasks the gallery shows. */
export function KeyChooser({ session }: { session: Session }): VNode {
  const texts = strings.value;
  const [keys] = useResource('keys', (signal) =>
    call<{ items: KeyRow[] }>('GET', `/admin/keys?limit=${MOST_KEYS}`, { signal }),
  );
  const items = keys.value.value?.items ?? [];
  const choose = async (keyId: string): Promise<void> => {
    if (keyId === '') return;
    try {
      await actFor(keyId);
      await refreshAccount();
    } catch (error) {
      toastFailure(asFailure(error));
    }
  };
  return (
    <SelectField
      label={session.keyId === null ? texts.chooseKey : texts.actingFor}
      value={session.keyId ?? ''}
      options={[
        ...(session.keyId === null ? [{ value: '', label: texts.noKey }] : []),
        ...items.map(({ id, name, prefix }) => ({ value: id, label: name === '' ? prefix : `${name} (${prefix}…)` })),
      ]}
      onChange={(keyId) => void choose(keyId)}
    />
  );
}

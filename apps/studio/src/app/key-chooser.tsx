import type { VNode } from 'preact';
import { asFailure } from '../api/failure.ts';
import { readKeys } from '../api/named-rows.ts';
import { useResource } from '../api/resource.ts';
import { SelectField } from '../components/field.tsx';
import { toastFailure } from '../components/toasts.tsx';
import { actFor, type Session } from './session.ts';
import { strings } from './strings.ts';

/** Has an admin choose the key whose credits pay, and whose tasks the gallery shows. */
export function KeyChooser({ session }: { session: Session }): VNode {
  const texts = strings.value;
  const [keys] = useResource('keys', readKeys);
  const items = keys.value.value ?? [];
  const choose = async (keyId: string): Promise<void> => {
    if (keyId === '') return;
    try {
      await actFor(keyId);
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

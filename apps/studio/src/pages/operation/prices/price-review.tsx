import type { VNode } from 'preact';
import { ConfirmDialog } from '../forms/confirm-dialog.tsx';
import type { PriceChange } from './price-list.ts';
import { strings } from './strings.ts';

/** What a save would change, before it does. */
export function PriceReview({
  changes,
  nameOf,
  onSave,
  onClose,
}: {
  changes: readonly PriceChange[];
  nameOf: (action: string, mode: string) => string;
  /** @throws CallFailure */
  onSave: () => Promise<void>;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const shown = (price: string): string => (price === '' ? texts.none : price);
  return (
    <ConfirmDialog
      title={texts.title}
      effects={changes.map(({ action, mode, before, after }) =>
        texts.change(nameOf(action, mode), shown(before), shown(after)),
      )}
      note={texts.effect}
      action={texts.save}
      isDangerous={false}
      onConfirm={onSave}
      onClose={onClose}
    />
  );
}

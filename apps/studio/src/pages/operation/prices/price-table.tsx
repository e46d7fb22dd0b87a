import type { VNode } from 'preact';
import { wordOf } from '../../../components/words.ts';
import { cellOf, isPrice, PRICE_MODES, type PriceDraft } from './price-list.ts';
import styles from './price-table.module.css';
import { strings } from './strings.ts';

/** A field for each action and mode; what differs from what is stored is marked. */
export function PriceTable({
  actions,
  stored,
  draft,
  onChange,
}: {
  actions: readonly string[];
  stored: PriceDraft;
  draft: PriceDraft;
  onChange: (cell: string, price: string) => void;
}): VNode {
  const texts = strings.value;
  const modeOf = (mode: string): string => (mode === '*' ? texts.anyMode : wordOf(mode));
  const actionOf = (action: string): string => (action === '*' ? texts.anyAction : wordOf(action));
  return (
    <div class={styles['frame']} tabIndex={0} role="group" aria-label={texts.table}>
      <table class={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{texts.action}</th>
            {PRICE_MODES.map((mode) => (
              <th key={mode} scope="col">
                {modeOf(mode)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {actions.map((action) => (
            <tr key={action}>
              <th scope="row">{actionOf(action)}</th>
              {PRICE_MODES.map((mode) => {
                const cell = cellOf(action, mode);
                const price = draft[cell] ?? '';
                const isChanged = price.trim() !== (stored[cell] ?? '');
                const name = texts.priceOf(actionOf(action), modeOf(mode));
                return (
                  <td key={mode}>
                    <input
                      class={`${styles['price']} ${isChanged ? styles['changed'] : ''}`}
                      aria-label={isChanged ? `${name} (${texts.changed})` : name}
                      aria-invalid={!isPrice(price)}
                      inputMode="decimal"
                      autocomplete="off"
                      placeholder="–"
                      value={price}
                      onInput={(event) => onChange(cell, event.currentTarget.value)}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

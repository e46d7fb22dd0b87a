import type { VNode } from 'preact';
import { account } from '../../../app/account.ts';
import { formatCredits } from '../../../i18n/format.ts';
import { kindNow } from '../draft/draft.ts';
import { strings } from '../strings.ts';
import { BANNED, ruleText } from '../prompt/rule-text.ts';
import { refusalText } from '../submit/answer-text.ts';
import styles from './price-line.module.css';
import type { PriceState } from './use-price.ts';

/** What pressing the button costs, and what is left then; or why it would be refused. */
export function PriceLine({ state, speed }: { state: PriceState; speed: string }): VNode {
  return (
    <p class={styles['line']} aria-live="polite">
      <Words state={state} speed={speed} />
    </p>
  );
}

function Words({ state, speed }: { state: PriceState; speed: string }): VNode | null {
  const texts = strings.value.price;
  switch (state.kind) {
    case 'none': {
      const { action } = kindNow.value;
      const mode = speed === '' ? account.value?.defaultMode : speed;
      const known = account.value?.prices.find((price) => price.action === action && price.mode === mode);
      return known === undefined ? null : (
        <span>{known.price === 0 ? texts.free : texts.about(formatCredits(known.price))}</span>
      );
    }
    case 'banned':
      return <span class={styles['bad']}>{ruleText({ rule: BANNED })}</span>;
    case 'refused':
      return <span class={styles['bad']}>{refusalText(state.failure)}</span>;
    case 'price': {
      const { jobs, price, total, credits } = state.price;
      if (credits !== null && total > credits) {
        return (
          <>
            <strong>{texts.total(formatCredits(total))}</strong>
            <span class={styles['bad']}>{texts.short(formatCredits(credits))}</span>
          </>
        );
      }
      return (
        <>
          <strong>{total === 0 ? texts.free : texts.total(formatCredits(total))}</strong>
          {jobs > 1 && <span>{texts.jobs(jobs, formatCredits(price))}</span>}
          <span>{credits === null ? texts.unlimited : texts.after(formatCredits(credits - total))}</span>
        </>
      );
    }
  }
}

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { callWithHeaders } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { useResource } from '../../../api/resource.ts';
import { ACTIONS } from '../../../api/vocabulary.ts';
import { Button } from '../../../components/button.tsx';
import { FailedState, Skeleton } from '../../../components/states.tsx';
import { toast } from '../../../components/toasts.tsx';
import { wordOf } from '../../../components/words.ts';
import { formatNumber } from '../../../i18n/format.ts';
import styles from '../operation-page.module.css';
import { changesOf, draftOf, isPrice, listOf, type Price, type PriceDraft } from './price-list.ts';
import { PriceReview } from './price-review.tsx';
import { PriceTable } from './price-table.tsx';
import { strings } from './strings.ts';

interface Stored {
  draft: PriceDraft;
  /** Names the list as it was read, so that nobody's change is written over. */
  etag: string;
}

async function readPrices(signal?: AbortSignal): Promise<Stored> {
  const options = signal === undefined ? {} : { signal };
  const { answer, headers } = await callWithHeaders<Price[]>('GET', '/admin/prices', options);
  return { draft: draftOf(answer), etag: headers.get('etag') ?? '' };
}

/** What tasks cost, by action and mode: edited in a table, reviewed, and saved as a whole. */
export function PricesTab(): VNode {
  const texts = strings.value;
  const [first, again] = useResource('prices', readPrices);
  const newer = useSignal<Stored | null>(null);
  const typed = useSignal<PriceDraft>({});
  const isReviewed = useSignal(false);
  const isConflict = useSignal(false);
  const { value, failure } = first.value;
  const stored = newer.value ?? value;
  if (stored === null) {
    if (failure !== null) return <FailedState failure={failure} onRetry={again} />;
    return (
      <div aria-busy="true">
        <Skeleton height="480px" />
      </div>
    );
  }
  const draft = { ...stored.draft, ...typed.value };
  const changes = changesOf(stored.draft, draft);
  const isWrong = Object.values(draft).some((price) => !isPrice(price));
  const save = async (): Promise<void> => {
    try {
      const { answer, headers } = await callWithHeaders<Price[]>('PUT', '/admin/prices', {
        body: listOf(draft),
        headers: { 'If-Match': stored.etag },
      });
      const etag = headers.get('etag');
      newer.value = etag === null ? await readPrices() : { draft: draftOf(answer), etag };
      typed.value = {};
      isConflict.value = false;
      toast(texts.saved, 'success');
    } catch (error) {
      if (asFailure(error).status !== 412) throw error;
      newer.value = await readPrices();
      isConflict.value = true;
    }
  };
  return (
    <div class={styles['tab']}>
      <div class={styles['head']}>
        <p class={styles['note']}>{texts.text}</p>
        <div class={styles['buttons']}>
          {changes.length > 0 && <Button onClick={() => (typed.value = {})}>{texts.undo}</Button>}
          <Button kind="primary" disabled={changes.length === 0 || isWrong} onClick={() => (isReviewed.value = true)}>
            {reviewText(changes.length)}
          </Button>
        </div>
      </div>
      <div aria-live="polite">
        {isConflict.value && <p class={styles['refused']}>{texts.conflict}</p>}
        {isWrong && <p class={styles['refused']}>{texts.wrong}</p>}
      </div>
      <PriceTable
        actions={[...ACTIONS, '*']}
        stored={stored.draft}
        draft={draft}
        onChange={(cell, price) => (typed.value = { ...typed.value, [cell]: price })}
      />
      {isReviewed.value && (
        <PriceReview changes={changes} nameOf={nameOf} onSave={save} onClose={() => (isReviewed.value = false)} />
      )}
    </div>
  );
}

/** Action and mode in words. */
function nameOf(action: string, mode: string): string {
  const texts = strings.value;
  return texts.priceOf(action === '*' ? texts.anyAction : wordOf(action), mode === '*' ? texts.anyMode : wordOf(mode));
}

function reviewText(changes: number): string {
  const { unchanged, reviewOne, review } = strings.value;
  if (changes === 0) return unchanged;
  return changes === 1 ? reviewOne : review(formatNumber(changes));
}

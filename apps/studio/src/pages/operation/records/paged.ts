import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../../../api/client.ts';
import type { Failure } from '../../../api/failure.ts';
import { useResource } from '../../../api/resource.ts';

const PAGE_ROWS = 50;

interface Page<Row> {
  items: Row[];
  nextCursor: string | null;
}

/** A list of the admin API as far as it is shown. */
export interface Paged<Row> {
  rows: Row[] | null;
  failure: Failure | null;
  /** Shows more of it; null: all is shown. */
  more: (() => void) | null;
  again: () => void;
}

/** Reads a list from its beginning, as many pages as are asked for, and again every `everyMs`. @param query without limit and cursor */
export function usePaged<Row>(path: string, query: Record<string, string>, everyMs?: number): Paged<Row> {
  const pages = useSignal(1);
  const filtered = JSON.stringify(query);
  useEffect(() => void (pages.value = 1), [path, filtered]);
  const [resource, again] = useResource(
    `${path} ${filtered}`,
    async (signal) => {
      const rows: Row[] = [];
      let cursor: string | null = '';
      for (let read = 0; cursor !== null && read < pages.value; read += 1) {
        const asked = new URLSearchParams({ ...query, limit: String(PAGE_ROWS), ...(cursor === '' ? {} : { cursor }) });
        const page: Page<Row> = await call<Page<Row>>('GET', `${path}?${asked.toString()}`, { signal });
        rows.push(...page.items);
        cursor = page.nextCursor;
      }
      return { rows, isAll: cursor === null };
    },
    everyMs === undefined ? {} : { everyMs },
  );
  const { value, failure } = resource.value;
  const more = (): void => {
    pages.value += 1;
    again();
  };
  return { rows: value?.rows ?? null, failure, more: value === null || value.isAll ? null : more, again };
}

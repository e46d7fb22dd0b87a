import { call } from './client.ts';

/** A key or an upstream by name. */
export interface NamedRow {
  id: string;
  name: string;
  retiredAt?: string | null;
}

/** A key, as somebody chooses one. */
export interface NamedKey extends NamedRow {
  prefix: string;
}

interface Page<Row> {
  items: Row[];
  nextCursor: string | null;
}

const PAGE_ROWS = 200;
/** As many as a list to choose from can sensibly show. */
const MOST_PAGES = 5;

async function readAll<Row extends NamedRow>(path: string, signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < MOST_PAGES; pages += 1) {
    const query = new URLSearchParams({ limit: String(PAGE_ROWS), ...(cursor === '' ? {} : { cursor }) });
    const page: Page<Row> = await call<Page<Row>>('GET', `${path}?${query.toString()}`, { signal });
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows.sort((one, other) => one.name.localeCompare(other.name));
}

/** Keys to choose from, by name. @throws CallFailure */
export function readKeys(signal: AbortSignal): Promise<NamedKey[]> {
  return readAll<NamedKey>('/admin/keys', signal);
}

/** Keys and upstreams that tasks can be filtered by. @throws CallFailure */
export async function readNames(signal: AbortSignal): Promise<{ keys: NamedRow[]; upstreams: NamedRow[] }> {
  const [keys, upstreams] = await Promise.all([readKeys(signal), readAll<NamedRow>('/admin/upstreams', signal)]);
  return { keys, upstreams };
}

/** The name of a key in schema `report`, where a later key of the same name has its number added. */
export function reportedKey(keys: readonly NamedRow[], id: string): string | null {
  const found = keys.find((key) => key.id === id);
  if (found === undefined) return null;
  const isFirst = keys.every((key) => key.name !== found.name || Number(key.id) >= Number(id));
  return isFirst ? found.name : `${found.name} #${id}`;
}

/** The name of an upstream there: a removed one has its number added. */
export function reportedUpstream(upstreams: readonly NamedRow[], id: string): string | null {
  const found = upstreams.find((upstream) => upstream.id === id);
  if (found === undefined) return null;
  return found.retiredAt == null ? found.name : `${found.name} #${id}`;
}

import { integerOf, isObject, textOf, type JsonObject } from '../../json/json-field.js';

/** A page of a list in an answer, and what the answer shows about further pages. */
export interface ListPage<Items extends Iterable<unknown> = unknown[]> {
  items: Items;
  /** Query parameters of the next page; null: the answer names none. */
  next: Record<string, string> | null;
  /** Whether there are more items; null: the answer does not show it. */
  hasMore: boolean | null;
}

const LIST_KEYS = ['items', 'list', 'data', 'result', 'results', 'tasks', 'records', 'rows', 'content'] as const;
const WRAPPERS = ['data', 'result', 'response', 'page'] as const;
const PAGING = ['pagination', 'paging', 'page', 'meta'] as const;
/** Names of a cursor in answers, and the query parameter that takes it. */
const CURSORS = [
  ['nextCursor', 'cursor'],
  ['next_cursor', 'cursor'],
  ['nextPageToken', 'pageToken'],
  ['next_page_token', 'page_token'],
] as const;
/** Names of the page number in answers. Where an answer has none, the next page is not guessed: a guess could skip tasks. */
const PAGE_NUMBERS = ['page', 'pageNo', 'pageNum', 'pageNumber', 'pageIndex', 'current'] as const;
const PAGE_SIZES = ['pageSize', 'page_size', 'size', 'limit', 'per_page'] as const;
const TOTALS = ['total', 'totalCount', 'total_count'] as const;
/** Codes of answers with a list; midjourney-proxy's own lists have none. */
const LISTING: ReadonlySet<number> = new Set([0, 1, 200]);
/** Requested length of a page, for servers that accept one. */
const PAGE = '100';
const MAX_CURSOR_CHARS = 2_048;

/**
 * Reads the list in an answer: a bare one, or one in an envelope of some server. Null where the answer holds none: it is an
 * error, or another object.
 */
export function readListPage(parsed: unknown): ListPage | null {
  if (Array.isArray(parsed)) return { items: parsed, next: null, hasMore: null };
  if (!isObject(parsed) || isFailure(parsed)) return null;
  const within = findList(parsed);
  if (within === null) return null;
  const { items, holders } = within;
  const says = [...holders, ...holders.flatMap((holder) => PAGING.map((key) => holder[key]))].filter(isObject);
  const hasMore = hasMoreOf(says, items.length);
  return { items, hasMore, next: hasMore === false ? null : nextOf(says) };
}

/** Whether an answer has null in place of a list: Go writes empty lists as null. */
export function isNullList(parsed: unknown): boolean {
  return parsed === null || (isObject(parsed) && !isFailure(parsed) && parsed['data'] === null);
}

function findList(body: JsonObject): { items: unknown[]; holders: JsonObject[] } | null {
  for (const key of LIST_KEYS) {
    const value = body[key];
    if (Array.isArray(value)) return { items: value, holders: [body] };
  }
  for (const key of WRAPPERS) {
    const inner = body[key];
    if (!isObject(inner)) continue;
    for (const name of LIST_KEYS) {
      const value = inner[name];
      if (Array.isArray(value)) return { items: value, holders: [inner, body] };
    }
  }
  return null;
}

/** Whether an answer is an error, which may hold an empty list. */
function isFailure(body: JsonObject): boolean {
  const code = integerOf(body['code']);
  return (code !== null && !LISTING.has(code)) || body['success'] === false || Boolean(body['error']);
}

function hasMoreOf(says: readonly JsonObject[], shown: number): boolean | null {
  for (const said of says) {
    for (const key of ['hasMore', 'has_more']) if (typeof said[key] === 'boolean') return said[key];
    for (const [key] of CURSORS) if (key in said) return textOf(said[key]) !== '';
    for (const key of TOTALS) {
      const total = integerOf(said[key]);
      if (total !== null && total <= shown) return false;
    }
  }
  return null;
}

function nextOf(says: readonly JsonObject[]): Record<string, string> | null {
  for (const said of says) {
    for (const [key, parameter] of CURSORS) {
      const cursor = textOf(said[key], MAX_CURSOR_CHARS + 1);
      if (cursor !== '' && cursor.length <= MAX_CURSOR_CHARS) return { limit: PAGE, [parameter]: cursor };
    }
  }
  for (const said of says) {
    for (const key of PAGE_NUMBERS) {
      const page = integerOf(said[key]);
      if (page === null || page < 0) continue;
      const sizeKey = PAGE_SIZES.find((name) => integerOf(said[name]) !== null);
      return {
        [key]: String(page + 1),
        ...(sizeKey === undefined ? {} : { [sizeKey]: String(integerOf(said[sizeKey])) }),
      };
    }
  }
  return null;
}

import { isNullList, readListPage } from './answer-list.js';

const TASKS = [{ id: '1' }, { id: '2' }];

describe('a list in an answer', () => {
  it.each([
    ['bare', TASKS],
    ['items', { items: TASKS }],
    ['data', { data: TASKS }],
    ['list', { list: TASKS, pagination: {} }],
    ['an envelope that says it went well', { code: 1, description: 'ok', result: TASKS }],
    ['a code as text', { code: '0', data: TASKS }],
    ['two envelopes', { code: 200, success: true, data: { list: TASKS }, error: null }],
    ['records of a page', { result: { records: TASKS } }],
  ])('%s', (_, body) => {
    expect(readListPage(body)).toEqual({ items: TASKS, next: null, hasMore: null });
  });

  it('may be empty', () => {
    expect(readListPage({ items: [] })).toEqual({ items: [], next: null, hasMore: null });
  });

  it.each([
    ['null', null, true],
    ['an envelope around null', { code: 0, data: null }, true],
    ['an error', { code: 4, data: null }, false],
    ['an empty list', [], false],
    ['no list', { code: 1, result: 'x' }, false],
  ])('that is null: %s', (_, body, isNull) => {
    expect(isNullList(body)).toBe(isNull);
  });

  it.each([
    ['null', null],
    ['text', 'nothing'],
    ['a number', 17],
    ['no JSON', undefined],
    ['an object without one', { code: 1, result: 'x' }],
    ['an error', { code: 4, description: 'no', data: null }],
    ['an error with an empty list', { code: 9, result: [] }],
    ['a failure', { success: false, data: [] }],
    ["OpenAI's error", { error: { message: 'no' }, data: [] }],
  ])('that is none: %s', (_, body) => {
    expect(readListPage(body)).toBeNull();
  });
});

describe('the next page', () => {
  it.each([
    ['our own cursor', { items: TASKS, nextCursor: 'abc' }, { limit: '100', cursor: 'abc' }, true],
    ['another name of it', { data: TASKS, next_cursor: 'abc' }, { limit: '100', cursor: 'abc' }, true],
    ['a page token', { list: TASKS, meta: { nextPageToken: 't' } }, { limit: '100', pageToken: 't' }, true],
    ['a page by number', { list: TASKS, page: 1, pageSize: 2, total: 9 }, { page: '2', pageSize: '2' }, null],
    ['a page counted from none', { items: TASKS, page: 0 }, { page: '1' }, null],
    [
      "trueai's pagination",
      { list: TASKS, pagination: { current: 1, pageSize: 2, total: 9 } },
      { current: '2', pageSize: '2' },
      null,
    ],
    ['more, but no way to it', { data: TASKS, has_more: true }, null, true],
  ])('%s', (_, body, next, hasMore) => {
    expect(readListPage(body)).toEqual({ items: TASKS, next, hasMore });
  });

  it.each([
    ['a cursor that is null', { items: TASKS, nextCursor: null }],
    ['a cursor that is empty', { items: TASKS, next_cursor: '' }],
    ['a word', { items: TASKS, hasMore: false, page: 1 }],
    ['a total', { list: TASKS, pagination: { current: 1, total: 2 } }],
  ])('nothing: %s', (_, body) => {
    expect(readListPage(body)).toEqual({ items: TASKS, next: null, hasMore: false });
  });

  it.each([
    ['no number', { items: TASKS, page: 'one' }],
    ['a cursor without end', { items: TASKS, nextCursor: 'x'.repeat(3_000) }],
  ])('unknown: %s', (_, body) => {
    expect(readListPage(body)).toMatchObject({ next: null });
  });
});

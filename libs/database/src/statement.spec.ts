import { statement, valuesOf } from './statement.js';

interface Parameters {
  id: string;
  limit: number | null;
}

describe('a statement with named parameters', () => {
  const made = statement<Parameters, { id: string }>({
    name: 'thing_find',
    pool: 'http',
    text: "select id::text, ':id' as word, '12:30'::time from thing where id = :id::bigint and (id > :limit or :limit is null)",
  });

  it('has a number for each name, the same wherever it occurs, and none for a cast or a text', () => {
    expect(made.text).toBe(
      "select id::text, ':id' as word, '12:30'::time from thing where id = $1::bigint and (id > $2 or $2 is null)",
    );
    expect(made.parameters).toEqual(['id', 'limit']);
  });

  it('takes its values by their names, null too', () => {
    expect(valuesOf(made, { limit: null, id: '7' })).toEqual(['7', null]);
  });

  it('refuses a value that is not there', () => {
    const given = { id: '7' } as Parameters;
    expect(() => valuesOf(made, given)).toThrow('the statement thing_find is not told its limit');
  });
});

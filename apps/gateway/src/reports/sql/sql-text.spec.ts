import { cutSql, parametersOf, SqlMistake } from './sql-text.js';

describe('the parameters of a query', () => {
  it.each([
    ['select :a, :b_2, :a', ['a', 'b_2']],
    ['select x::text, now()::date, :a::int', ['a']],
    ["select ':no', 'it''s :no', E'\\':no', e'\\\\', :yes", ['yes']],
    ['select ":no", "a"":no", :yes', ['yes']],
    ['select 1 -- :no\n, :yes', ['yes']],
    ['select 1 /* :no /* :no */ :no */, :yes', ['yes']],
    ['select $$ :no $$, $tag$ :no $$ :no $tag$, :yes', ['yes']],
    ['select a[1:n], a[:m], a[f(x):n], a[1 :n], array[:x, :y]', ['m', 'x', 'y']],
    ['select f(a := :b)', ['b']],
    ['select case when :a then b:c end', ['a']],
    ['where x between :from and :to', ['from', 'to']],
    ['select a$1, "$1", 1', []],
    ["select ':open", []],
    ['select /* :open', []],
    ['select $a$ :open', []],
    ['select : a, 1', []],
    ["select '中文:no', :yes, 表:no", ['yes']],
  ])('%s', (sql, names) => {
    expect(parametersOf(sql)).toEqual(names);
    expect(
      cutSql(sql)
        .map(({ kind, text }) => (kind === 'text' ? text : `:${text}`))
        .join(''),
    ).toBe(sql);
  });

  it('are never positions', () => {
    expect(() => cutSql('select $1')).toThrow(SqlMistake);
    expect(() => cutSql("select '$1'")).not.toThrow();
  });

  it('are found in linear time', () => {
    expect(parametersOf(`select ${"'a' || ".repeat(20_000)}:x`)).toEqual(['x']);
    expect(parametersOf(`/*${'/*'.repeat(20_000)} :x`)).toEqual([]);
  });
});

import type { QuestionParameter } from '../questions/question.js';
import { bindSql } from './bound-sql.js';

const FROM: QuestionParameter = { name: 'from', type: 'time', default: "now() - interval '1 day'" };
const TO: QuestionParameter = { name: 'to', type: 'time', default: 'now()' };
const BUCKET: QuestionParameter = { name: 'bucket', type: 'interval', default: 'f(:from, :to)' };
const KEY: QuestionParameter = { name: 'key', type: 'key', default: 'null' };

describe('a query with values', () => {
  it('sends values apart, once each, and writes them into what people read', () => {
    const bound = bindSql('select :key, :key, :n', [KEY], { key: "o'hara", n: 3 });
    expect(bound).toMatchObject({
      text: 'select $1::text, $1::text, $2',
      values: ["o'hara", '3'],
      readable: "select 'o''hara'::text, 'o''hara'::text, 3",
    });
  });

  it('has defaults for what is not given, in parentheses where they need them', () => {
    const { text, readable, values } = bindSql('a > :from - x and :to and :bucket', [FROM, TO, BUCKET], { key: null });
    expect(text).toBe("a > (now() - interval '1 day') - x and now() and f((now() - interval '1 day'), now())");
    expect(readable).toBe(text);
    expect(values).toEqual([]);
    expect(bindSql(':bucket', [FROM, TO, BUCKET], { to: '2026-01-01' }).text).toBe(
      "f((now() - interval '1 day'), $1::timestamptz)",
    );
  });

  it('takes times as ISO 8601 and in ms', () => {
    expect(bindSql(':to', [TO], { to: 0 })).toMatchObject({
      values: ['1970-01-01T00:00:00.000Z'],
      readable: "'1970-01-01T00:00:00.000Z'::timestamptz",
    });
    expect(() => bindSql(':to', [TO], { to: 'noon' })).toThrow(/:to must be a time/);
  });

  it.each([
    ['task', 'x', /id of a task/],
    ['number', 'x', /a number/],
  ] as const)('refuses a %s that is none', (type, value, words) => {
    expect(() => bindSql(':p', [{ name: 'p', type, default: '1' }], { p: value })).toThrow(words);
  });

  it('refuses what has no value, also by the names that objects have', () => {
    for (const name of ['x', 'constructor', '__proto__', 'toString']) {
      expect(() => bindSql(`select :${name}`, [], {})).toThrow(`:${name} has no value`);
    }
    const circle: QuestionParameter = { name: 'a', type: 'text', default: ':a' };
    expect(() => bindSql(':a', [circle], {})).toThrow(/circle/);
  });

  it('finds places again', () => {
    const sql = 'select :from, nothing, :key';
    const { text, sourceOf } = bindSql(sql, [FROM, KEY], { key: 'k' });
    expect(sourceOf(text.indexOf('nothing') + 1)).toBe(sql.indexOf('nothing') + 1);
    expect(sourceOf(text.indexOf('interval') + 1)).toBe(sql.indexOf(':from') + 1);
    expect(sourceOf(text.indexOf('$1') + 1)).toBe(sql.indexOf(':key') + 1);
    expect(sourceOf(1)).toBe(1);
  });
});

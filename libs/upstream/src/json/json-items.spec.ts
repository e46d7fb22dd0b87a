import fc from 'fast-check';
import { isJsonList, jsonItems } from './json-items.js';

const items = (text: string): unknown[] => [...jsonItems(Buffer.from(text))];

describe('the items of a list', () => {
  it('equal those of JSON.parse', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1, 2), (values, indent) => {
        const text = JSON.stringify(values, null, indent);
        expect(items(` ${text}\n`)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['quotes, brackets and backslashes in texts', [{ a: '"],[{\\' }, '\\"', ']'], 3],
    ['nothing', [], 0],
  ])('%s', (_, values, count) => {
    expect(items(JSON.stringify(values))).toEqual(values);
    expect(items(JSON.stringify(values))).toHaveLength(count);
  });

  it('spoil only themselves', () => {
    expect(items('[{"a":1},{"b":},3]')).toEqual([{ a: 1 }, undefined, 3]);
  });

  it('are not looked at before they are asked for', () => {
    const all = jsonItems(Buffer.from(`[1,${'['.repeat(1_000_000)}`));
    expect(all.next()).toEqual({ done: false, value: 1 });
    expect(() => all.next()).toThrow('without end');
  });

  it.each(['[1,2', '["a', '["a\\"', `["${'a'.repeat(300_000)}"]`, '[', '[1,'])('break off: %.20s', (text) => {
    expect(() => items(text)).toThrow('breaks off');
  });
});

it.each([
  ['[]', true],
  [' \n[1', true],
  ['{"a":[]}', false],
  ['', false],
  ['<html>', false],
])('%j begins as a list: %s', (text, isList) => {
  expect(isJsonList(Buffer.from(text))).toBe(isList);
});

import fc from 'fast-check';
import { isWithinLimits, JsonStructure, type JsonExcess, type JsonLimits } from './json-structure.js';

const ANY: JsonLimits = { depth: 1e9, values: 1e9, keys: 1e9, keyLength: 1e9 };

/** What there is too much of, when the text comes in pieces of so many bytes. */
function excessOf(text: string, limits: Partial<JsonLimits>, size = text.length * 4 + 1): JsonExcess | null {
  const structure = new JsonStructure({ ...ANY, ...limits });
  const bytes = Buffer.from(text, 'utf8');
  let excess: JsonExcess | null = null;
  for (let at = 0; at < bytes.length; at += size) excess = structure.feed(bytes.subarray(at, at + size));
  return excess;
}

/** The same counted on what JSON.parse made. */
function countsOf(value: unknown): JsonLimits {
  const counts = { depth: 0, values: 0, keys: 0, keyLength: 0 };
  const walk = (inner: unknown, depth: number): void => {
    counts.values += 1;
    if (typeof inner !== 'object' || inner === null) return;
    counts.depth = Math.max(counts.depth, depth);
    if (Array.isArray(inner)) return inner.forEach((item) => walk(item, depth + 1));
    const entries = Object.entries(inner);
    counts.keys = Math.max(counts.keys, entries.length);
    for (const [name, item] of entries) {
      counts.keyLength = Math.max(counts.keyLength, name.length);
      walk(item, depth + 1);
    }
  };
  walk(value, 1);
  return counts;
}

const NAMES: readonly JsonExcess[] = ['depth', 'values', 'keys', 'keyLength'];

describe('JsonStructure', () => {
  const space = fc.constantFrom(0, 1, 2);
  const escaped = (json: string): string =>
    json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

  it('counts what JSON.parse builds, wherever the text is cut', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }),
        space,
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (value, indent, isAscii, size) => {
          const plain = JSON.stringify(value, null, indent);
          const text = isAscii ? escaped(plain) : plain;
          const counts = countsOf(JSON.parse(text));
          expect(excessOf(text, counts, size)).toBeNull();
          for (const name of NAMES) {
            if (counts[name] > 0) expect(excessOf(text, { [name]: counts[name] - 1 }, size)).toBe(name);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('tells a reader of the strings as JSON.parse reads them', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (value, isAscii, size) => {
          const plain = JSON.stringify(value);
          const bytes = Buffer.from(isAscii ? escaped(plain) : plain, 'utf8');
          const told: { text: string; depth: number; isInObject: boolean; isKey: boolean }[] = [];
          const pieces: Buffer[] = [];
          let mayEscape = false;
          const structure = new JsonStructure(ANY, {
            open: (depth, isInObject, isKey) => void told.push({ text: '', depth, isInObject, isKey }),
            read: (chunk, from, to, isClosed, hasEscapes) => {
              pieces.push(chunk.subarray(from, to));
              mayEscape ||= hasEscapes;
              const last = told.at(-1);
              if (!isClosed || last === undefined) return;
              const written = Buffer.concat(pieces.splice(0)).toString('utf8');
              expect(mayEscape || !written.includes('\\')).toBe(true);
              mayEscape = false;
              last.text = JSON.parse(`"${written}"`) as string;
            },
          });
          for (let at = 0; at < bytes.length; at += size) structure.feed(bytes.subarray(at, at + size));
          const expected: typeof told = [];
          const walk = (inner: unknown, depth: number, isInObject: boolean): void => {
            if (typeof inner === 'string') expected.push({ text: inner, depth, isInObject, isKey: false });
            if (typeof inner !== 'object' || inner === null) return;
            for (const [name, item] of Object.entries(inner)) {
              if (!Array.isArray(inner)) expected.push({ text: name, depth: depth + 1, isInObject: true, isKey: true });
              walk(item, depth + 1, !Array.isArray(inner));
            }
          };
          walk(JSON.parse(plain), 0, false);
          expect(told).toEqual(expected);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, string, Partial<JsonLimits>, JsonExcess]>([
    ['brackets', '['.repeat(1_000_000), { depth: 32 }, 'depth'],
    ['braces', '{"a":'.repeat(1_000_000), { depth: 32 }, 'depth'],
    ['empty objects', `[${'{},'.repeat(1_000_000)}`, { values: 12_000 }, 'values'],
    ['zeros', `[${'0,'.repeat(1_000_000)}`, { values: 12_000 }, 'values'],
    ['zeros without commas', '0 '.repeat(1_000_000), { values: 12_000 }, 'values'],
    ['empty strings', `[${'"",'.repeat(1_000_000)}`, { values: 12_000 }, 'values'],
    ['names', `{${Array.from({ length: 100_000 }, (_, at) => `"${at}":0`).join(',')}}`, { keys: 512 }, 'keys'],
    ['one name again and again', `{${'"a":0,'.repeat(1_000_000)}`, { keys: 512 }, 'keys'],
    ['names without values', `{${'"a",'.repeat(1_000_000)}`, { keys: 512 }, 'keys'],
    ['a long name', `{"${'a'.repeat(1_000_000)}":0}`, { keyLength: 256 }, 'keyLength'],
    ['a long name of escapes', `{"${'\\u0041'.repeat(1_000_000)}":0}`, { keyLength: 256 }, 'keyLength'],
    ['a long name that does not end', `{"${'\\n'.repeat(1_000_000)}`, { keyLength: 256 }, 'keyLength'],
  ])('refuses %s within their first 64 KiB, in pieces of any size', (_, text, limits, expected) => {
    const bytes = Buffer.from(text, 'utf8').subarray(0, 64 * 1024);
    for (const size of [1, 7, 1_460, 65_536]) {
      const structure = new JsonStructure({ ...ANY, ...limits });
      let excess: JsonExcess | null = null;
      for (let at = 0; at < bytes.length && excess === null; at += size) {
        excess = structure.feed(bytes.subarray(at, at + size));
      }
      expect([size, excess]).toEqual([size, expected]);
    }
  });

  it.each([
    ['as many as there may be', `{${Array.from({ length: 512 }, (_, at) => `"${at}":0`).join(',')}}`, true],
    ['one more', `{${Array.from({ length: 513 }, (_, at) => `"${at}":0`).join(',')}}`, false],
    ['many objects with few', `[${'{"a":0},'.repeat(1_000)}0]`, true],
    ['many in a list after an object', `{"a":[${'"x",'.repeat(1_000)}0],"b":1}`, true],
  ])('counts names by object: %s', (_, text, isWithin) => {
    expect(isWithinLimits(Buffer.from(text), { ...ANY, keys: 512 })).toBe(isWithin);
  });

  it('reads nothing more once it has refused', () => {
    const read: number[] = [];
    const structure = new JsonStructure(
      { ...ANY, depth: 1 },
      { open: (depth) => void read.push(depth), read: () => undefined },
    );
    expect([structure.feed(Buffer.from('["a",["b"')), structure.feed(Buffer.from('"c"]]'))]).toEqual([
      'depth',
      'depth',
    ]);
    expect(read).toEqual([1]);
  });

  it.each(['', ']', '}}}}', '{"a":1}]]]{"b":2}', '{]', '[}', '"', '"\\', ':,:,', '{,}', '\ufeff{}'])(
    'takes %j, which JSON.parse refuses',
    (text) => {
      expect(excessOf(text, {}, 1)).toBeNull();
    },
  );
});

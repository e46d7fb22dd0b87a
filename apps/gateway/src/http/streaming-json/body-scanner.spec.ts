import fc from 'fast-check';
import { pictureHead, PictureText } from '#libs/upstream';
import { Base64Cleaner } from './base64-cleaner.js';
import type { BodyExcess } from './body-reader.js';
import { BodyScanner, PICTURE_FIELDS, type ScannerLimits } from './body-scanner.js';
import { restorePictures } from './restore-pictures.js';

const MIN_BYTES = 80;
const ANY: ScannerLimits = { depth: 1e9, values: 1e9, keys: 1e9, keyLength: 1e9, text: 1e9 };
const BASE64 = Buffer.from(Array.from({ length: 60_000 }, (_, at) => (at * 7 + (at >> 8)) % 256)).toString('base64');
const HEAD = 'data:image/png;base64,';

/** The body as handlers see it. @throws SyntaxError */
function scan(chunks: readonly Buffer[], minBytes?: number): unknown {
  const scanner = new BodyScanner(ANY, minBytes);
  for (const chunk of chunks) scanner.feed(chunk);
  const { json, pictures: drafted } = scanner.end();
  const pictures = new Map(
    [...drafted].map(([place, { head, base64 }]) => [place, new PictureText(head, [...base64.settling()])]),
  );
  const body: unknown = JSON.parse(json.toString('utf8'));
  restorePictures(body, pictures);
  return body;
}

/** What is read, and where it is refused 'refused'. */
function outcome(read: () => unknown): unknown {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof SyntaxError) return 'refused';
    throw error;
  }
}

/** What a text is as a picture. */
function clean(text: string): string | null {
  const head = pictureHead(text.slice(0, PictureText.MAX_HEAD), true) ?? '';
  const cleaner = new Base64Cleaner();
  const rest = cleaner.add(Buffer.from(text.slice(head.length)));
  const found = rest === null ? null : cleaner.finish([rest]);
  const pieces = found === null ? null : [...found.settling()];
  return pieces === null ? null : head.replaceAll(/[^\x20-\x7e]/g, '').trimStart() + Buffer.concat(pieces).toString();
}

/** `read` with the texts of `parsed` where pictures were extracted that are the same. */
function withTexts(read: unknown, parsed: unknown): unknown {
  if (read instanceof PictureText) return typeof parsed === 'string' && clean(parsed) === String(read) ? parsed : read;
  if (typeof read !== 'object' || read === null || typeof parsed !== 'object' || parsed === null) return read;
  const inner = (name: string, value: unknown): unknown => withTexts(value, (parsed as Record<string, unknown>)[name]);
  if (Array.isArray(read)) return read.map((value, at) => inner(String(at), value));
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, inner(name, value)]));
}

/** A document without its prototype, so that equality is of what JSON says. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, at) => Buffer.from(bytes.subarray(at === 0 ? 0 : ends[at - 1], end)));
}

const inBytes = (text: string, size = 1): Buffer[] => {
  const bytes = Buffer.from(text, 'utf8');
  return cut(
    bytes,
    Array.from({ length: Math.floor(bytes.length / size) }, (_, at) => at * size),
  );
};

const blank = fc.constantFrom('', '', '', ' ', '\n\t ');
const letters = fc.constantFrom(
  'a',
  'é',
  '漢',
  '🦊',
  '/',
  '=',
  ',',
  ':',
  '{',
  ']',
  'data:',
  '\\"',
  '\\\\',
  '\\/',
  '\\n',
);
const escapes = fc.constantFrom(
  '\\u0041',
  '\\u00e9',
  '\\ud83e\\udd8a',
  '\\ud800',
  '\\u0000',
  '\\b',
  '\\x',
  '\\u12',
  '\n',
);
const wild = fc
  .array(fc.oneof({ weight: 5, arbitrary: letters }, escapes), { maxLength: 12 })
  .map((all) => all.join(''));
const picture = fc
  .tuple(
    fc.constantFrom(
      ...['', '', HEAD, 'data:image\\/jpeg;base64,', 'DATA:IMAGE/GIF;BASE64,', 'data:text/html;base64,', ' ', '\\n'],
      ...['data:;base64,', 'data:,', 'data:image/png;name=\u00e9,\\u0041.png; base64 ,\\n', 'data:image/png;base64'],
    ),
    fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 15, max: 40 }).map((quads) => quads * 4) },
      fc.integer({ min: 0, max: 200 }),
    ),
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('', 'AAA=', 'AA==') },
      fc.constantFrom('=', '==', '===', 'A===', '=AAA', '-', ' ', '\\/', '\\n', 'é', '\\'),
      fc.constantFrom(
        '-_-_',
        'AA-',
        ' AAA',
        '\\u002bAAA',
        '\\u000a',
        'AA\\u003d=',
        'AA%3D%3D',
        '\\r\\n AAAA \\r\\n',
        '\n',
      ),
    ),
    fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.replaceAll('/', '\\/'),
      (text) => text.replaceAll(/.{16}/g, '$&\\r\\n'),
      (text) => text.replaceAll('+', ' ').replaceAll('/', '_'),
      (text) => text.replaceAll('+', '\\u002B'),
    ),
  )
  .map(([head, length, end, write]) => head + write(BASE64.slice(length, length * 2)) + end);
const text = fc.oneof(picture, wild).map((inner) => `"${inner}"`);
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...PICTURE_FIELDS).map((field) => `"${field}"`) },
  fc.constantFrom('"b\\u0061se64"', '"base64Arra\\u0079"', '"Base64"', '"base64 "', '"prompt"', `"${'k'.repeat(200)}"`),
  text,
);
const scalar = fc.constantFrom('1', '-0', '1e400', '0.1', 'true', 'null', '01', 'tru', '');
const value = fc.letrec<{ any: string; list: string; object: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 6, arbitrary: text },
    { weight: 2, arbitrary: tie('list') },
    { weight: 1, arbitrary: tie('object') },
    { weight: 1, arbitrary: scalar },
  ),
  list: fc
    .tuple(blank, fc.array(tie('any'), { maxLength: 4 }))
    .map(([space, all]) => `[${space}${all.join(`${space},`)}]`),
  object: fc
    .tuple(blank, fc.array(fc.tuple(name, tie('any')), { maxLength: 4 }))
    .map(
      ([space, all]) => `{${all.map(([key, inner]) => `${space}${key}${space}:${space}${inner}`).join(',')}${space}}`,
    ),
}));
const document = fc.oneof({ weight: 8, arbitrary: value.object }, value.any);
const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe('BodyScanner', () => {
  it('reads every document as JSON.parse does, wherever it is cut', () => {
    let extracted = 0;
    let refused = 0;
    fc.assert(
      fc.property(document, cuts, (json, places) => {
        const bytes = Buffer.from(json, 'utf8');
        const expected = outcome(() => JSON.parse(json));
        const read = outcome(() => scan(cut(bytes, places), MIN_BYTES));
        expect(plain(withTexts(read, expected))).toEqual(plain(expected));
        if (expected === 'refused') refused += 1;
        const scanner = new BodyScanner(ANY, MIN_BYTES);
        scanner.feed(bytes);
        extracted += scanner.end().pictures.size;
      }),
      { numRuns: 4_000 },
    );
    expect(extracted).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(500);
    expect(refused).toBeLessThan(3_500);
  });

  it('reads every document that was spoilt as JSON.parse does', () => {
    const spoilt = fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.uint8Array({ maxLength: 3 }));
    fc.assert(
      fc.property(document, fc.array(spoilt, { maxLength: 3 }), cuts, (json, changes, places) => {
        let bytes = Buffer.from(json, 'utf8');
        for (const [at, removed, added] of changes) {
          const place = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, place), added, bytes.subarray(place + removed)]);
        }
        const expected = outcome(() => JSON.parse(bytes.toString('utf8')));
        const read = outcome(() => scan(cut(bytes, places), MIN_BYTES));
        expect(plain(withTexts(read, expected))).toEqual(plain(expected));
      }),
      { numRuns: 4_000 },
    );
  });

  describe('lifts', () => {
    const PLACES: [string, (picture: string) => string, (body: Record<string, unknown>) => unknown][] = [
      ['a field', (inner) => `{"prompt":"x","base64":"${inner}"}`, (body) => body['base64']],
      [
        'a list',
        (inner) => `{"base64Array":["short",null,"${inner}" ]}`,
        (body) => (body['base64Array'] as unknown[])[2],
      ],
      ['a name with escapes', (inner) => `{"\\u0062ase\\u00364" : "${inner}"}`, (body) => body['base64']],
      ['the last of two', (inner) => `{"mask":"${BASE64}","mask":"${inner}"}`, (body) => body['mask']],
      ['behind others', (inner) => `{"a":{"base64":[1]},"b":[[]],"image":"${inner}"}`, (body) => body['image']],
    ];
    const TEXTS: [string, string, string][] = [
      ['raw base64', BASE64, BASE64],
      ['a data URL', HEAD + BASE64, HEAD + BASE64],
      ['what PHP wrote', `${HEAD}${BASE64}`.replaceAll('/', '\\/'), HEAD + BASE64],
      ['what .NET wrote', BASE64.replaceAll('+', '\\u002B'), BASE64],
      ['lines of 76', HEAD + BASE64.replaceAll(/.{76}/g, '$&\\r\\n'), HEAD + BASE64],
      ['lines of 64, indented, and an end of line', ` ${BASE64.replaceAll(/.{64}/g, '$&\\n  ')}\\n`, BASE64],
      ['the alphabet of URLs', BASE64.replaceAll('+', '-').replaceAll('/', '_'), BASE64],
      ['blanks for plus signs', HEAD + BASE64.replaceAll('+', ' '), HEAD + BASE64],
      ['another head', `data:application/octet-stream;name=a,b.png;base64,${BASE64}`, ''],
    ];

    it.each(
      PLACES.flatMap(([place, wrap, find]) => TEXTS.map(([kind, ...texts]) => ({ place, kind, wrap, find, texts }))),
    )('$kind of $place, in chunks of any size', ({ place, wrap, find, texts: [written = '', meant = ''] }) => {
      // Byte by byte is slow, and the place makes no difference to it.
      const small = place === 'a field' ? [1, 7] : [];
      for (const size of [...small, 1_460, 16_384, 65_536, 10_000_000]) {
        const found = find(scan(inBytes(wrap(written), size)) as Record<string, unknown>);
        expect(found).toBeInstanceOf(PictureText);
        expect((found as PictureText).toPieces().length).toBeLessThan(40);
        expect(String(found) === (meant || written)).toBe(true);
      }
    });

    it.each([
      ['below the top', `{"a":{"base64":"${BASE64}"}}`],
      ['in a list of lists', `{"base64Array":[["${BASE64}"]]}`],
      ['of another name', `{"prompt":"${BASE64}"}`],
      ['in no object', `["${BASE64}",{"base64":"${BASE64}"}]`],
      ['that are names', `{"base64":{"${BASE64}":1},"${BASE64}":2}`],
      ['in an object of a field', `{"base64":{"base64":"${BASE64}"}}`],
    ])('no texts %s', (_, json) => {
      for (const size of [1_460, 65_536, 10_000_000]) {
        const body = scan(inBytes(json, size));
        expect(JSON.stringify(body) === JSON.stringify(JSON.parse(json))).toBe(true);
        expect(typeof Object.values(body as object)[0]).not.toBe('undefined');
        expect(
          Object.values(body as object)
            .flat()
            .some((inner) => inner instanceof PictureText),
        ).toBe(false);
      }
    });

    it.each([
      ['a wrong letter at its end', `${BASE64.slice(0, -4)}AA*A`],
      ['no padding', BASE64.slice(0, -1)],
      ['too much padding', `${BASE64.slice(0, -4)}A===`],
      ['padding inside', `${BASE64.slice(0, 70_000)}AA==${BASE64.slice(70_000)}`],
      ['an escape that no picture has', `${BASE64}\\u00e9\\bAA`],
      ['dashes of URLs too few', `${BASE64}A-A-A`],
      ['bytes that are no UTF-8', `${BASE64}\u00e9\u00e9`],
    ])('no text with %s: it is a string', (_, written) => {
      const json = `{"base64":"${written}","base64Array":["${BASE64}"]}`;
      for (const size of [1_460, 65_536, 10_000_000]) {
        const body = scan(inBytes(json, size)) as { base64: unknown; base64Array: unknown[] };
        expect(body.base64 === (JSON.parse(json) as { base64: string }).base64).toBe(true);
        expect(body.base64Array[0]).toBeInstanceOf(PictureText);
      }
    });
  });

  it.each([
    ['a line break in a picture', `{"base64":"${BASE64}\n"}`],
    ['a picture that does not end', `{"base64":"${BASE64}`],
    ['a picture that ends in a backslash', `{"base64":"${BASE64}\\`],
    ['something behind the end', `{"base64":"${BASE64}"} x`],
    ['two values', `{"base64":"${BASE64}"}{"base64":"${BASE64}"}`],
    ['no comma', `{"base64":"${BASE64}" "mask":"${BASE64}"}`],
    ['no value', `{"base64":"${BASE64}","mask":}`],
    ['a string between', `{"base64":"${BASE64}" "x"}`],
    ['the other bracket', `{"base64Array":["${BASE64}"}`],
    ['a bracket too many', `{"base64Array":["${BASE64}"]]}`],
    ['no start', `}{"base64":"${BASE64}"}`],
  ])('leaves it to JSON.parse to refuse %s', (_, json) => {
    for (const size of [1_460, 65_536, 10_000_000]) expect(outcome(() => scan(inBytes(json, size)))).toBe('refused');
  });

  it('goes through 100,000 levels', () => {
    const deep = `{"base64Array":${'['.repeat(100_000)}"${BASE64}"${']'.repeat(100_000)},"mask":"${BASE64}"}`;
    const body = scan(inBytes(deep, 65_536)) as Record<string, unknown>;
    expect(body['mask']).toBeInstanceOf(PictureText);
    let inner = body['base64Array'];
    for (let depth = 0; depth < 100_000; depth += 1) inner = (inner as unknown[])[0];
    expect(inner === BASE64).toBe(true);
  });

  it('takes no text of a client for a picture', () => {
    const first = new BodyScanner(ANY);
    first.feed(Buffer.from(`{"base64":"${BASE64}"}`));
    const [place] = [...first.end().pictures.keys()];
    const body = scan(inBytes(`{"mask":"${place}","base64":"${BASE64}"}`, 65_536)) as Record<string, unknown>;
    expect(body['mask']).toBe(place);
    expect(String(body['base64']) === BASE64).toBe(true);
  });

  describe('refuses while the body comes', () => {
    const limits: ScannerLimits = { depth: 4, values: 100, keys: 10, keyLength: 20, text: 100_000 };
    const MEGABYTE = 1024 * 1024;
    const bad = `${BASE64}!${'A'.repeat(MEGABYTE)}`;
    const CASES: [string, string, BodyExcess][] = [
      ['lists in lists', `{"a":1,"b":${'['.repeat(MEGABYTE)}`, { kind: 'depth', field: 'b' }],
      ['too many values', `{"base64Array":[${'"",'.repeat(MEGABYTE)}`, { kind: 'values', field: 'base64Array' }],
      ['too many names', `{${'"a":0,'.repeat(MEGABYTE)}`, { kind: 'keys', field: 'a' }],
      ['too long a name', `{"a":1,"${'b'.repeat(MEGABYTE)}`, { kind: 'keyLength', field: 'a' }],
      ['too long a text', `{"image":"${BASE64}","prompt":"${'x'.repeat(MEGABYTE)}`, { kind: 'text', field: 'prompt' }],
      ['white space', `{"image":"${BASE64}",${' '.repeat(MEGABYTE)}`, { kind: 'text', field: 'image' }],
      ['digits', `{"image":${'1'.repeat(MEGABYTE)}`, { kind: 'text', field: 'image' }],
      ['a long text where a picture may stand', `{"image":"${bad}`, { kind: 'picture', field: 'image' }],
      ['one in a list', `{"base64Array":["${BASE64}","${bad}`, { kind: 'picture', field: 'base64Array' }],
      ['one deeper', `{"base64":{"base64":"${bad}`, { kind: 'text', field: 'base64' }],
    ];

    it.each(CASES)('%s, by name', (_, json, expected) => {
      for (const size of [1_460, 65_536]) {
        const chunks = inBytes(json, size);
        const scanner = new BodyScanner(limits);
        let read = 0;
        let excess: BodyExcess | null = null;
        for (const chunk of chunks) {
          read += chunk.length;
          excess = scanner.feed(chunk);
          if (excess !== null) break;
        }
        expect(excess).toEqual(expected);
        expect(read).toBeLessThan(400_000);
      }
    });

    it('no pictures, however long they are', () => {
      const scanner = new BodyScanner(limits);
      const json = JSON.stringify({ prompt: 'x', base64Array: Array<string>(20).fill(HEAD + BASE64) });
      for (const chunk of inBytes(json, 65_536)) expect(scanner.feed(chunk)).toBeNull();
      expect(scanner.end().pictures.size).toBe(20);
    });
  });
});

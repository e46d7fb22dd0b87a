import fc from 'fast-check';
import { Base64Cleaner, cleanBase64 } from './base64-cleaner.js';

const bytes = Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));
const long = bytes.toString('base64');
const lines = (text: string, length: number, end: string): string =>
  text.replaceAll(new RegExp(`.{${length}}`, 'g'), `$&${end}`);

async function clean(text: string): Promise<string | null> {
  const pieces = await cleanBase64(text);
  return pieces === null ? null : Buffer.concat(pieces).toString('latin1');
}

function inPieces(text: string, places: readonly number[]): string | null {
  const all = Buffer.from(text);
  const ends = [...places.map((place) => place % (all.length + 1)), all.length].sort((a, b) => a - b);
  const cleaner = new Base64Cleaner();
  const pieces: Buffer[] = [];
  for (const [at, end] of ends.entries()) {
    const piece = cleaner.add(all.subarray(at === 0 ? 0 : ends[at - 1], end));
    if (piece === null) return null;
    pieces.push(piece);
  }
  const found = cleaner.finish(pieces);
  return found === null ? null : Buffer.concat([...found.settling()]).toString('latin1');
}

describe('base64 as programs write it', () => {
  const WAYS: [string, (text: string) => string][] = [
    ['as it should be', (text) => text],
    ['a line break at the end', (text) => `${text}\n`],
    ['blanks at both ends', (text) => `  ${text} \t `],
    ['lines of 76 and CRLF', (text) => lines(text, 76, '\r\n')],
    ['lines of 64', (text) => lines(text, 64, '\n')],
    ['lines of 75', (text) => lines(text, 75, '\n')],
    ['lines that are indented', (text) => `\n    ${lines(text, 60, ' \n    ')}`],
    ['lines that a shell made blanks of', (text) => lines(text, 76, ' ')],
    ['lines that are indented, and the end too', (text) => `${lines(text, 64, '\n  ')}\n`],
    ['empty lines', (text) => lines(text, 76, '\r\n\r\n')],
    ['the alphabet of URLs', (text) => text.replaceAll('+', '-').replaceAll('/', '_')],
    ['the same in lines', (text) => lines(text.replaceAll('+', '-').replaceAll('/', '_'), 76, '\n')],
    ['blanks for plus signs', (text) => text.replaceAll('+', ' ')],
    ['the same in lines of 76', (text) => lines(text.replaceAll('+', ' '), 76, '\r\n')],
    ['the same in lines of 77', (text) => lines(text.replaceAll('+', ' '), 77, '\r\n')],
    ['percent-encoded', (text) => encodeURIComponent(text)],
    ['percent-encoded lines', (text) => encodeURIComponent(lines(text, 76, '\r\n'))],
  ];

  it.each(WAYS)('%s', async (_, write) => {
    for (const length of [50_000, 49_999, 49_998, 997, 96, 60, 59, 58]) {
      const text = bytes.subarray(7, 7 + length).toString('base64');
      expect((await clean(write(text))) === text).toBe(true);
    }
  });

  it('no padding in the alphabet of URLs', async () => {
    for (const length of [3, 301, 302, 303]) {
      const text = bytes.subarray(400, 400 + length);
      if (!/[-_]/.test(text.toString('base64url'))) continue;
      expect(await clean(text.toString('base64url'))).toBe(text.toString('base64'));
    }
  });

  it('is the same in pieces of any length', () => {
    const sign = fc.constantFrom('A', 'z', '+', '/', '-', '_', ' ', '\n', '\r\n', '=', '%2B', '%3d', '%', '!', 'é');
    const text = fc.oneof(
      fc.array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom('QUJD', 'AAAA') }, sign), { maxLength: 30 }),
      fc.constantFrom(...WAYS).map(([, write]) => [write(long.slice(0, 400))]),
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 8 }), (parts, places) => {
        const whole = parts.join('');
        const found = inPieces(whole, []);
        expect(inPieces(whole, places)).toBe(found);
        if (found === null) return;
        expect(found).toMatch(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/);
      }),
      { numRuns: 3_000 },
    );
  });

  it('passes clean pieces on as they are', () => {
    const piece = Buffer.from(long.slice(0, 4_000));
    expect(new Base64Cleaner().add(piece)).toBe(piece);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \r\n '],
    ['a letter', 'A'],
    ['padding alone', '===='],
    ['too little padding', 'QQ='],
    ['no padding', 'QQ'],
    ['too much padding', 'QUI=='],
    ['three of padding', 'Q==='],
    ['padding inside', 'QQ==QUJD'],
    ['padding at the end of a line', 'QQ==\nQUJD'],
    ['one letter too many in the alphabet of URLs', '-_-_A'],
    ['padding that does not suffice there', '-_-_AA='],
    ['letters that are none', 'QUÄD'],
    ['letters whose low byte is one', 'QUJ\u0141'],
    ['NUL', 'QUJ\u0000'],
    ['a percent sign', 'QUJD%'],
    ['an encoded letter that is none', 'QUJ%21'],
    ['an encoded percent sign', 'QUJ%2525'],
    ['a quote', '"QUJD"'],
    ['a list', 'QUJD,QUJD'],
    ['blanks that are neither', 'QUJD QU'],
  ])('refuses %s', async (_, text) => {
    expect(await clean(text)).toBeNull();
    expect(inPieces(text, [1, 2, 3])).toBeNull();
  });

  it('takes megabytes of anything', async () => {
    for (const unit of [' ', '\n', 'A ', '%0a', 'A\n', '=', '- ']) {
      const text = unit.repeat((4 * 1024 * 1024) / unit.length);
      const found = await cleanBase64(text);
      expect(found === null || found.length > 0).toBe(true);
    }
  });
});

it('puts blanks right piece by piece, and lets others have their turn', async () => {
  const line = `${'A'.repeat(75)} `;
  const text = Buffer.from(line.repeat(20_000));
  const cleaner = new Base64Cleaner();
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length; at += 65_536) {
    const piece = cleaner.add(text.subarray(at, at + 65_536));
    if (piece !== null) pieces.push(piece);
  }
  const found = cleaner.finish(pieces);
  if (found === null) throw new Error('it is base64');
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const settled = Buffer.concat(await found.settle());
  isOver = true;
  expect(settled.length).toBe(found.length);
  expect(settled.includes(0x20)).toBe(false);
  // 1.5 MB, at most two pieces of 64 KiB in a turn.
  expect(turns).toBeGreaterThanOrEqual(10);
});

import { PictureLinks } from '../../json/picture-links.js';
import fc from 'fast-check';
import { isStorable } from '#libs/wire';
import { TRUEAI_SUCCESS } from '../../../test/task-bodies.js';
import type { Snapshot } from '../../port/snapshot.js';
import { readTask } from './task-body.js';

const BASE = 'http://mj.internal:8080/proxy';

const A = 'https://cdn.example.com/a.png';
const B = 'http://cdn.example.com/b.webp?x=1';
const FILM = 'https://cdn.example.com/a.mp4?hm=1';

function read(fields: Record<string, unknown>): Snapshot {
  const snapshot = readTask({ id: '17', ...fields }, BASE);
  if (snapshot === null) throw new Error('it has an id');
  return snapshot;
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('links', () => {
  it.each([
    ['strings', [A, B]],
    ['objects', [{ url: A, thumbnail: B }, { url: B }]],
    ['both, and neither', [A, null, 7, {}, { url: null }, [A], { url: B }]],
  ])('of pictures are read from %s', (_what, imageUrls) => {
    expect(read({ imageUrls }).imageUrls).toEqual([A, B]);
  });

  it.each([null, 7, true, {}, [], '', ' ', 'a,b', { url: { url: { url: { url: { url: A } } } } }])(
    'of pictures are none in %j',
    (imageUrls) => {
      expect(read({ imageUrls }).imageUrls).toEqual([]);
    },
  );

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ftp://cdn.example.com/a.png',
    'blob:https://cdn.example.com/6f3a',
    'C:\\pictures\\a.png',
    'https://',
    'https://[::1/a.png',
    'http://exa mple.com/a.png',
    '//',
    'https://cdn.example.com/a\u0000.png',
    'https://cdn.example.com/\ud800.png',
    `https://cdn.example.com/${'a'.repeat(4_096)}`,
    `/${'图'.repeat(1_000)}.png`,
    'null',
    'undefined',
    'None',
    'N/A',
    'false',
    '0',
    '-',
    '#',
    '/',
    'about:blank',
    'uploading',
    'the picture is being stored ...',
    '生成中',
    '[',
    '["',
    '{"url":',
    'data:image/png;base64',
  ])('that nobody could follow are none: %j', (link) => {
    const snapshot = read({ imageUrl: link, imageUrls: [link, { url: link }], videoUrl: link, videoUrls: [link] });
    expect(snapshot).toMatchObject({ imageUrl: null, imageUrls: [], videoUrls: [] });
  });

  it.each([
    ['/attachments/a.png', 'http://mj.internal:8080/attachments/a.png'],
    ['a.png', 'http://mj.internal:8080/proxy/a.png'],
    ['./a.png', 'http://mj.internal:8080/proxy/a.png'],
    ['../a.png', 'http://mj.internal:8080/a.png'],
    ['images/7', 'http://mj.internal:8080/proxy/images/7'],
    ['?file=a', 'http://mj.internal:8080/proxy/?file=a'],
    ['//cdn.example.com/a.png', 'http://cdn.example.com/a.png'],
    ['HTTPS://CDN.example.com/A.png', 'HTTPS://CDN.example.com/A.png'],
    ['https:\\\\cdn.example.com\\a.png', 'https://cdn.example.com/a.png'],
    ['https://cdn.example.com/a b.png', 'https://cdn.example.com/a%20b.png'],
    ['https://cdn.example.com/a\n b.png', 'https://cdn.example.com/a%20b.png'],
    ['/图片/一 二.png', 'http://mj.internal:8080/%E5%9B%BE%E7%89%87/%E4%B8%80%20%E4%BA%8C.png'],
    ['https://図.example.com/ü.png?q=ß', 'https://xn--lcs.example.com/%C3%BC.png?q=%C3%9F'],
    ['https://cdn.example.com/%E5%9B%BE.png', 'https://cdn.example.com/%E5%9B%BE.png'],
  ])('are followed as a browser would from the upstream: %s', (link, whole) => {
    expect(read({ imageUrl: link, videoUrls: [{ url: link }] })).toMatchObject({ imageUrl: whole, videoUrls: [whole] });
  });

  it.each([
    ['a list', [A, B]],
    ['JSON text of a list', JSON.stringify([A, B])],
    ['JSON text of objects', JSON.stringify([{ url: A }, { url: B }])],
    ['JSON text of JSON texts', JSON.stringify([JSON.stringify({ url: A }), JSON.stringify(B)])],
    ['an object with a list', { url: [A, B] }],
    ['other names', [{ link: A }, { src: B }]],
    ['a text with commas', `${A},${B}`],
    ['a text in lines', `${A}\n${B}\n`],
  ])('come as %s', (_what, given) => {
    expect(read({ imageUrls: given }).imageUrls).toEqual([A, B]);
    expect(read({ videoUrls: given }).videoUrls).toEqual([A, B]);
    // Where the grid should be stand its pictures.
    expect(read({ imageUrl: given })).toMatchObject({ imageUrl: A, imageUrls: [A, B] });
  });

  it.each([
    ['one text', A],
    ['an object', { url: A, thumbnail: B }],
    ['JSON text', JSON.stringify(A)],
    ['JSON text of an object', JSON.stringify({ url: A })],
  ])('come singly, as %s', (_what, given) => {
    expect(read({ imageUrls: given }).imageUrls).toEqual([A]);
    expect(read({ imageUrl: given })).toMatchObject({ imageUrl: A, imageUrls: [] });
    expect(read({ videoUrl: given }).videoUrls).toEqual([A]);
  });

  it('of pictures that came in themselves are names, which are short, and the same for the same picture', () => {
    const [png, other] = ['data:image/png;base64,iVBORw0KGgo=', `DATA:image/png;base64,${'A'.repeat(3_000_000)}`];
    const snapshot = read({ imageUrl: png, imageUrls: [other, { url: png }] });
    const { imageUrl, imageUrls, inline } = snapshot;
    expect(imageUrl).toMatch(/^data:sha256,[0-9a-f]{64}$/);
    expect(imageUrls).toEqual([expect.stringMatching(/^data:sha256,[0-9a-f]{64}$/), imageUrl]);
    expect(inline?.get(imageUrl ?? '')).toBe(png);
    expect(inline?.get(imageUrls[0] ?? '')).toBe(other);
    expect(read({ imageUrl: png }).imageUrl).toBe(imageUrl);
    expect(read({ imageUrl: A }).inline).toBeUndefined();
  });

  it.each(['iVBORw0KGgo', '/9j/4AAQ', 'R0lGODlh', 'UklGR'])('of base64 without a head are names too: %s', (begin) => {
    const text = `${begin}${'Ab+/'.repeat(1_000_000)}=`;
    const { imageUrl, imageUrls, inline } = read({ imageUrl: text, imageUrls: [{ url: text }] });
    expect(imageUrl).toMatch(/^data:sha256,[0-9a-f]{64}$/);
    expect(imageUrls).toEqual([imageUrl]);
    expect(inline?.get(imageUrl ?? '')).toBe(`data:;base64,${text}`);
    expect(read({ imageUrl: `/9j/${'a'.repeat(100)}.png` }).imageUrl).toBe(
      `http://mj.internal:8080/9j/${'a'.repeat(100)}.png`,
    );
  });

  it('are trimmed, and at most 64 of a kind', () => {
    const many = Array.from({ length: 100 }, (_, n) => `https://cdn.example.com/${n}.mp4`);
    const snapshot = read({
      imageUrl: ` ${A}\n`,
      imageUrls: many.map((url) => url.replace('mp4', 'png')),
      videoUrls: many,
    });
    expect(snapshot.imageUrl).toBe(A);
    expect(snapshot.imageUrls).toHaveLength(64);
    expect(snapshot.videoUrls).toEqual(many.slice(0, 64));
  });

  it.each([
    ['in videoUrls', { videoUrls: [{ url: FILM }], videoUrl: A }, [FILM]],
    ['in videoUrl', { videoUrl: B, imageUrl: A }, [B]],
    [
      'among the pictures',
      { imageUrls: [A, FILM, 'https://cdn.example.com/c.WEBM', B] },
      [FILM, 'https://cdn.example.com/c.WEBM'],
    ],
    ['where the picture should be', { imageUrl: FILM }, [FILM]],
    ['nowhere: the ending is in the path', { imageUrl: 'https://cdn.example.com/a.mp4.png' }, []],
  ])('of films are found %s', (_what, fields, videoUrls) => {
    const snapshot = read(fields);
    expect(snapshot.videoUrls).toEqual(videoUrls);
    expect(snapshot.imageUrls.filter((url) => url !== null && videoUrls.includes(url))).toEqual([]);
  });
});

describe('buttons', () => {
  it('are at most 64, however many there are', () => {
    const buttons = Array.from({ length: 1_000_000 }, (_, n) => ({ customId: `MJ::${n}` }));
    const read64 = read({ buttons }).buttons;
    expect(read64).toHaveLength(64);
    expect(read64[63]).toEqual({ customId: 'MJ::63', emoji: '', label: '', type: 2, style: 2 });
  });

  it('without a customId, and items that are no buttons, are left out', () => {
    const buttons = [
      null,
      'U1',
      [],
      {},
      { customId: '' },
      { customId: null, label: 'U1' },
      { customId: 'MJ::1', style: {} },
    ];
    expect(read({ buttons }).buttons).toEqual([{ customId: 'MJ::1', emoji: '', label: '', type: 2, style: 2 }]);
    expect(read({ buttons: { customId: 'MJ::1' } }).buttons).toEqual([]);
  });
});

describe('texts', () => {
  it('lose characters that Postgres cannot store', () => {
    const dirty = 'a\u0000b\ud83d';
    const snapshot = read({
      prompt: dirty,
      promptEn: dirty,
      description: dirty,
      failReason: dirty,
      state: dirty,
      seed: dirty,
      properties: { finalPrompt: dirty, finalZhPrompt: dirty, messageId: dirty, messageHash: dirty },
      buttons: [{ customId: dirty, label: dirty, emoji: dirty }],
    });
    expect(textsOf(snapshot).filter((text) => text !== '17')).toEqual(Array<string>(13).fill('ab\uFFFD'));
  });

  it('are cut, never inside a character', () => {
    const { failReason } = read({ failReason: `${'x'.repeat(16_383)}😀` });
    expect(failReason.length).toBe(16_384);
    expect(failReason.isWellFormed()).toBe(true);
  });

  it('of a long id are dropped: half an id is another one', () => {
    expect(read({ properties: { messageId: '1'.repeat(129), messageHash: 2 ** 60 } })).toMatchObject({
      messageId: null,
      messageHash: null,
    });
  });
});

describe('readTask', () => {
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.webUrl(), fc.double());
  const nearTask = fc
    .dictionary(
      fc.constantFrom(...Object.keys(TRUEAI_SUCCESS)),
      fc.oneof(value, fc.array(value), fc.dictionary(fc.constantFrom('url', 'customId', 'messageId'), value)),
    )
    .map((fields) => ({ id: '17', ...fields }));

  it('reads any JSON, and gives only texts that Postgres can store', () => {
    fc.assert(
      fc.property(fc.oneof(nearTask, value), (item) => {
        const parsed: unknown = JSON.parse(JSON.stringify(item));
        const snapshot = readTask(parsed, BASE);
        expect(textsOf(snapshot).filter((text) => !isStorable(text))).toEqual([]);
        for (const url of [...(snapshot?.imageUrls ?? []), ...(snapshot?.videoUrls ?? [])])
          expect(url).toMatch(/^https?:\/\//i);
        expect(snapshot?.progress ?? 0).toBeLessThanOrEqual(100);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('texts that are no links', () => {
  it('a run of separators that no link follows parts nothing', () => {
    const links = new PictureLinks('https://up.test');
    expect(links.all(`https://a.test/1${' ,'.repeat(60_000)}x`)).toEqual([]);
    expect(links.all(`https://a.test/1${' ,'.repeat(1_000)}https://a.test/2`)).toEqual([
      'https://a.test/1',
      'https://a.test/2',
    ]);
  });

  it('a text longer than all links together may be is not parsed', () => {
    const text = JSON.stringify(['https://a.test/1', 'x'.repeat(128 * 1024)]);
    expect(new PictureLinks('https://up.test').all(text)).toEqual([]);
    expect(new PictureLinks('https://up.test').all('["https://a.test/1"]')).toEqual(['https://a.test/1']);
  });

  it('JSON with more structure than lists of links have is not parsed', () => {
    const parse = jest.spyOn(JSON, 'parse');
    const nested = '['.repeat(60_000) + ']'.repeat(60_000);
    const zeros = `[${'0,'.repeat(60_000)}0]`;
    expect(new PictureLinks('https://up.test').all([nested, zeros])).toEqual([]);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it('of one task are looked at for half a megabyte, or a thousand parts, whatever its fields', () => {
    const texts = ['x'.repeat(128 * 1024), 'https:// '.repeat(256)];
    for (const text of texts) {
      const links = new PictureLinks('https://up.test');
      expect(links.all([text, text, 'https://a.test/1'])).toContain('https://a.test/1');
      links.all([text, text]);
      expect(links.all('https://a.test/1')).toEqual([]);
    }
  });
});

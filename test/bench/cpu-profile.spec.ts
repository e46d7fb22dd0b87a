import { placeOf, sharesOf } from './cpu-profile.js';

const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 });

describe('a CPU profile', () => {
  it('gives the shares of the time in which anything ran', () => {
    const nodes = [
      { id: 1, callFrame: frame('(idle)', '') },
      { id: 2, callFrame: frame('parse', 'file:///app/node_modules/pg/lib/parser.js') },
      { id: 3, callFrame: frame('', 'file:///app/dist/libs/wire/src/task-id.js') },
    ];
    const shares = sharesOf({ nodes, samples: [1, 2, 3, 2], timeDeltas: [1_000, 30, 20, 50] });
    expect(shares.places).toEqual([
      { what: 'pg', share: 0.8 },
      { what: 'libs/wire/src/task-id.js', share: 0.2 },
    ]);
    expect(shares.functions.map(({ what }) => what)).toEqual([
      'parse pg:10',
      '(anonymous) libs/wire/src/task-id.js:10',
    ]);
  });

  it.each([
    ['file:///a/node_modules/@nestjs/core/router.js', 'f', '@nestjs/core'],
    ['file:///a/node_modules/x/node_modules/fastify/lib/reply.js', 'f', 'fastify'],
    ['node:net', 'f', 'node:net'],
    ['', '(garbage collector)', '(garbage collector)'],
    ['', 'writev', 'native'],
  ])('counts %s %s to %s', (url, name, place) => expect(placeOf(url, name)).toBe(place));
});

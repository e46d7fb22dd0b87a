import { testInWords } from './upstream-test-words.js';

describe('the test of an upstream in words', () => {
  it.each([
    [{ ok: true, links: 'reachable' }, ['It can fetch our links']],
    [{ ok: true, links: 'unknown' }, ['not fetched one yet']],
    [{ ok: true, links: 'unreachable', linksReason: 'no_public_url' }, ['cannot fetch', 'no PUBLIC_URL']],
    [{ ok: false, error: 'unauthorized', links: 'unreachable', linksReason: 'loopback' }, ['key', 'loopback']],
    [{ ok: false, error: 'never_heard_of', links: 'unknown' }, ['It fails.']],
  ])('of %j says why', (answer, words) => {
    for (const word of words) expect(testInWords(answer)).toContain(word);
  });

  it('of anything else says nothing', () => {
    expect([testInWords(null), testInWords([])]).toEqual(['', '']);
  });
});

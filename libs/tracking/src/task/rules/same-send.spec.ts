import { aSnapshot } from '../../../test/a-snapshot.js';
import { after, aTask } from '../../../test/a-task.js';
import { isSameSend, matchSends } from './same-send.js';

const SENT = after(0);

function isSame(prompt: string, text: string, submitTime: number | null = SENT.getTime()): boolean {
  return isSameSend(aTask({ prompt, sentAt: SENT }), aSnapshot({ prompt: text, submitTime }));
}

describe('a job that a push names', () => {
  it.each([
    ['the same text', 'a red fox', 'a red fox'],
    ['other white space', 'a  red\nfox ', 'a red fox'],
    ['a version that was named for it', 'a red fox', 'a red fox --v 7'],
    ['another speed', 'a red fox --turbo', 'a red fox --v 8.2 --fast'],
    ['links before the text', 'a red fox --ar 3:2', 'https://gw.test/mj/input/a.png a red fox --ar 3:2'],
    ['another case', 'A Red Fox', 'a red fox'],
    ['the shape of a blend, which is a field of it', '', 'https://gw.test/1.png https://gw.test/2.png --ar 3:2 --v 7'],
    [
      'the movement of a film, which is a field of it',
      'it turns',
      'https://gw.test/1.png it turns --motion low --bs 1',
    ],
    ['no zoom, which is a field of it', 'a bridge --zoom 2', 'a bridge --v 7'],
    ['nothing but links', '', 'https://gw.test/1.png https://gw.test/2.png'],
  ])('is that of a send with %s', (_, prompt, text) => {
    expect(isSame(prompt, text)).toBe(true);
  });

  it.each([
    ['another text', 'a red fox', 'a red dog'],
    ['another parameter', 'a red fox --ar 3:2', 'a red fox --ar 2:3'],
    ['more words', 'a red fox', 'a red fox at night'],
  ])('is not that of a send with %s', (_, prompt, text) => {
    expect(isSame(prompt, text)).toBe(false);
  });

  it('is not older than the send, allowing for clocks, and may tell no time', () => {
    expect(isSame('a', 'a', SENT.getTime() - 60_000)).toBe(true);
    expect(isSame('a', 'a', SENT.getTime() - 60_001)).toBe(false);
    expect(isSame('a', 'a', null)).toBe(true);
  });
});

describe('the jobs of a list', () => {
  const job = (upstreamTaskId: string, ms: number | null, more: object = {}): ReturnType<typeof aSnapshot> =>
    aSnapshot({
      upstreamTaskId,
      prompt: 'a fox',
      submitTime: ms === null ? null : after(ms).getTime(),
      state: null,
      ...more,
    });
  const send = (id: string, ms: number): ReturnType<typeof aTask> => aTask({ id, prompt: 'a fox', sentAt: after(ms) });

  it('belong to one send each, in the order of their times', () => {
    const found = matchSends([send('2', 5_000), send('1', 0)], [job('b', 6_000), job('a', 1_000)]);
    expect([...found].map(([id, { upstreamTaskId }]) => [id, upstreamTaskId])).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
    expect(matchSends([send('1', 0), send('2', 1)], [job('a', 1_000)]).size).toBe(1);
  });

  it('are not those from before the first send, where there are more jobs than sends', () => {
    const foreign = [job('x', -50_000), job('y', -20_000)];
    expect(matchSends([send('1', 0)], [...foreign, job('a', 500)]).get('1')?.upstreamTaskId).toBe('a');
    const found = matchSends([send('1', 0), send('2', 100)], [job('b', 600), job('a', 500), ...foreign]);
    expect(['1', '2'].map((id) => found.get(id)?.upstreamTaskId)).toEqual(['a', 'b']);
  });

  it('may all be from before the sends, by a clock that is behind', () => {
    const found = matchSends([send('1', 0), send('2', 40_000)], [job('a', -29_000), job('b', 11_000)]);
    expect(['1', '2'].map((id) => found.get(id)?.upstreamTaskId)).toEqual(['a', 'b']);
  });

  it.each([
    ['tell no time', job('a', null)],
    ['are older', job('a', -61_000)],
    ['show a state of another', job('a', 0, { state: 'theirs' })],
    ['have another text', job('a', 0, { prompt: 'a dog' })],
  ])("are nobody's where they %s", (_, other) => {
    expect(matchSends([send('1', 0)], [other]).size).toBe(0);
  });
});

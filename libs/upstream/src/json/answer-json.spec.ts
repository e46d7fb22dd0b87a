import { parsedOf, parseInTurns } from './answer-json.js';
import { parseJson } from './json-field.js';
import { readTasks } from '../midjourney-proxy/task/read-tasks.js';
import { readTaskAnswer } from '../midjourney-proxy/task/task-answer.js';

const MEGABYTE = 1024 * 1024;

describe('parseInTurns', () => {
  it.each([
    [
      'a task with a picture',
      JSON.stringify({ id: '17', imageUrl: `data:image/png;base64,${'A'.repeat(3 * MEGABYTE)}` }),
    ],
    ['short text', '{"promptEn":"長"}'],
    ['text beside a picture', JSON.stringify({ promptEn: '長'.repeat(1_000), imageUrl: 'A'.repeat(MEGABYTE) })],
    ['structure', `[${'{},'.repeat(MEGABYTE)}{}]`],
    ['brackets behind a picture', `["${'A'.repeat(MEGABYTE)}",${'['.repeat(MEGABYTE)}`],
    ['text that is not ASCII', JSON.stringify('長'.repeat(2 * MEGABYTE))],
    ['what breaks off', `{"imageUrl":"${'A'.repeat(MEGABYTE)}`],
    ['nothing', ''],
  ])('finds in megabytes what parseJson finds: %s', async (_, text) => {
    const body = Buffer.from(text);
    expect(await parseInTurns(body)).toEqual(parseJson(body));
  });

  it('yields the event loop before it parses, and before its result is read', async () => {
    const turns: string[] = [];
    const parse = jest.spyOn(JSON, 'parse').mockImplementation(() => turns.push('parsed'));
    setImmediate(() => {
      turns.push('one');
      setImmediate(() => turns.push('another'));
    });
    await parseInTurns(Buffer.from(JSON.stringify('A'.repeat(MEGABYTE))));
    parse.mockRestore();
    expect(turns).toEqual(['one', 'parsed', 'another']);
  });
});

describe('an answer that was parsed', () => {
  it('is not parsed again, however often it is looked at', () => {
    const parse = jest.spyOn(JSON, 'parse');
    const read = (): unknown =>
      readTaskAnswer({ status: 200, body: Buffer.from('[]'), json: { value: { code: 2 } } }, 'http://up.test');
    expect(read).toThrow();
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(parsedOf({ status: 200, body: Buffer.from('[]'), json: { value: undefined } })).toBeUndefined();
    expect(parsedOf({ status: 200, body: Buffer.from('[]') })).toEqual([]);
  });
});

describe('readTasks', () => {
  it('leaves out items that are no tasks, and yields the event loop where tasks take long', async () => {
    const items = Array.from({ length: 6 }, (_, at) => ({ id: String(at) }));
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 6));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const snapshots = await readTasks([null, ...items, {}], 'http://up.test');
    clearImmediate(next);
    clock.mockRestore();
    expect(snapshots.map(({ upstreamTaskId }) => upstreamTaskId)).toEqual(items.map(({ id }) => id));
    expect(turns).toBeGreaterThanOrEqual(3);
  });
});

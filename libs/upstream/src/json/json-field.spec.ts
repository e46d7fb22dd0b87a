import { parseJson } from './json-field.js';

const MEGABYTE = 1024 * 1024;
const list = (item: string, bytes: number): string => `[${`${item},`.repeat(bytes / (item.length + 1))}0]`;

describe('parseJson', () => {
  it('reads an answer about 100 tasks with 40 buttons each', () => {
    const buttons = Array.from({ length: 40 }, (_, at) => ({
      customId: `MJ::JOB::upsample::${at}::3d98efb6-29a7-4b66-9e4a-8f9b7d4c5a11`,
      emoji: '',
      label: `U${at}`,
      type: 2,
      style: 1,
    }));
    const tasks = Array.from({ length: 100 }, (_, at) => ({ id: String(at), prompt: 'a fox '.repeat(200), buttons }));
    expect(parseJson(Buffer.from(JSON.stringify(tasks)))).toEqual(tasks);
  });

  it.each([
    ['lists in lists', '['.repeat(MEGABYTE) + ']'.repeat(MEGABYTE)],
    ['objects in objects', `${'{"a":'.repeat(300_000)}0${'}'.repeat(300_000)}`],
    ['empty objects', list('{}', 4 * MEGABYTE)],
    ['zeros', list('0', 4 * MEGABYTE)],
    ['names', `{${Array.from({ length: 300_000 }, (_, at) => `"${at}":0`).join(',')}}`],
    ['objects with a name each', `[${Array.from({ length: 60_000 }, (_, at) => `{"${at}":0}`).join(',')}]`],
    ['text that is not ASCII', JSON.stringify('長'.repeat(2 * MEGABYTE))],
    ['a name', `{"${'a'.repeat(MEGABYTE)}":0}`],
  ])('takes megabytes of %s for no answer', (_, text) => {
    expect(parseJson(Buffer.from(text))).toBeUndefined();
  });

  it('takes a large picture beside a text that is not ASCII', () => {
    const task = { promptEn: '長'.repeat(1_000), imageUrl: 'A'.repeat(14 * MEGABYTE) };
    expect(parseJson(Buffer.from(JSON.stringify(task)))).toEqual(task);
  });

  it.each(['', '{', '<html>', '[1,]'])('takes %j for no answer', (text) => {
    expect(parseJson(Buffer.from(text))).toBeUndefined();
  });
});

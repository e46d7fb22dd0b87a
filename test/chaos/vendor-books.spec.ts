import type { TaskRow } from './history.js';
import { booksOf, numberIn } from './vendor-books.js';
import { canFindLost, wordsOf } from './vendors.js';

const row = (id: string, prompt: string, upstreamTaskId: string | null): TaskRow =>
  ({ id, prompt, upstreamTaskId }) as TaskRow;

describe('the books of a simulator', () => {
  it('give work to the task whose prompt has its number, whatever id the row has', () => {
    const rows = [row('1', 'a red cat, number 7', 'other'), row('2', 'a red cat, number 70', null)];
    const journal = [
      { id: 'a', text: 'a red cat, number 7 --v 7' },
      { id: 'b', prompt: 'a red cat, number 70 --v 7' },
    ];
    expect(booksOf('youchuan', journal, new Map([['7', 2]]), rows)).toEqual({
      works: [
        { id: 'a', kind: 'youchuan', mark: 'jm:1', prompt: 'number 7' },
        { id: 'b', kind: 'youchuan', mark: 'jm:2', prompt: 'number 70' },
      ],
      submits: new Map([['jm:1', 2]]),
    });
  });

  it('give work without a number to the task that has its id, or to none', () => {
    const { works } = booksOf('legnext', [{ id: 'a' }, { id: 'b' }], new Map(), [row('1', '', 'a')]);
    expect(works).toEqual([
      { id: 'a', kind: 'legnext', mark: 'jm:1', prompt: 'work a' },
      { id: 'b', kind: 'legnext', mark: '', prompt: 'work b' },
    ]);
  });

  it('find the number in the body of a submit', () => {
    expect(numberIn('{"text":"a red cat, number 12 --v 7"}')).toBe('12');
    expect(numberIn('{"imgUrl":"http://gw/mj/input/a.png"}')).toBeNull();
  });
});

describe('what clients must not be told', () => {
  it.each(['by Youchuan', 'http://127.0.0.1:4001/pictures/1', 'task_01M8RX3A8CFT6M5VX09FVZJ3VG'])('%s', (text) => {
    expect(wordsOf(['http://127.0.0.1:4001/api']).test(text)).toBe(true);
  });

  it('is not the address of the gateway', () => {
    expect(wordsOf(['http://127.0.0.1:4001/api']).test('http://127.0.0.1:5001/mj/image/1')).toBe(false);
  });
});

describe('a lost submit', () => {
  it('can be found wherever the work or a push names its task', () => {
    const kinds = ['midjourney-proxy', 'youchuan', 'legnext', 'apimart'] as const;
    expect(kinds.map(canFindLost)).toEqual([true, true, true, false]);
  });
});

import { counterpart, itemsOf, placeOf } from './viewer-items.ts';

const NOTHING = { id: '62', imageUrl: '', imageUrls: null, videoUrl: '', videoUrls: null };
const links = (kind: string, ...ends: string[]): { url: string }[] =>
  ends.map((end) => ({ url: `http://g/mj/${kind}/62/${end}` }));
const GRID = { ...NOTHING, imageUrl: 'http://g/mj/image/62', imageUrls: links('image', '1', '2.png', '4?s=a1') };

describe('itemsOf', () => {
  it('shows a grid as one, and then its pictures by their own numbers', () => {
    expect(itemsOf(GRID).map(({ kind, number }) => [kind, number])).toEqual([
      ['grid', 0],
      ['picture', 1],
      ['picture', 2],
      ['picture', 4],
    ]);
  });

  it('shows a single picture once', () => {
    const single = { ...NOTHING, imageUrl: 'http://g/mj/image/62', imageUrls: links('image', '1') };
    expect(itemsOf(single)).toMatchObject([{ kind: 'picture', number: 0, link: 'http://g/mj/image/62' }]);
  });

  it('knows the one picture that is left of a grid by its number', () => {
    const left = { ...NOTHING, imageUrl: 'http://g/mj/image/62', imageUrls: links('image', '3') };
    expect(itemsOf(left).map(({ kind, number }) => [kind, number])).toEqual([
      ['grid', 0],
      ['picture', 3],
    ]);
  });

  it('shows films, with a still picture', () => {
    const films = { ...NOTHING, imageUrl: 'still', videoUrl: 'v', videoUrls: links('video', '1', '2') };
    expect(itemsOf(films).map(({ kind, number, poster }) => [kind, number, poster])).toEqual([
      ['film', 1, 'still'],
      ['film', 2, 'still'],
    ]);
    expect(itemsOf({ ...NOTHING, videoUrl: 'v' })).toMatchObject([{ kind: 'film', number: 0, link: 'v' }]);
  });

  it('shows nothing of a task that has made nothing', () => {
    expect(itemsOf(NOTHING)).toEqual([]);
  });
});

describe('placeOf', () => {
  it('is where the number is, and the first for one that was withheld', () => {
    expect([placeOf(itemsOf(GRID), 4), placeOf(itemsOf(GRID), 3), placeOf([], 1)]).toEqual([3, 0, 0]);
  });
});

describe('counterpart', () => {
  const own = itemsOf(GRID);
  const [grid, first, second, last] = own;
  const parent = { taskId: '61', kind: 'picture', number: 0, link: 'p', poster: '' } as const;

  it('is the next picture of the same kind, from the last on to the first', () => {
    expect(first && counterpart(first, own, [])).toBe(second);
    expect(last && counterpart(last, own, [])).toBe(first);
  });

  it('is a relative where the task has no other of the kind', () => {
    expect(counterpart(parent, [parent], own)).toBe(first);
    expect(grid && counterpart(grid, own, [parent])).toBe(parent);
    expect(counterpart(parent, [parent], [])).toBeNull();
  });
});

import { ItemTexts } from './pieced-answer.js';

describe('the texts of items', () => {
  it('make one JSON array of all that come, whatever comes of them at a time', async () => {
    const texts = new ItemTexts();
    const show = (id: number): object => ({ id });
    const parts = [
      await texts.of([], show),
      await texts.of([1], show),
      await texts.of([], show),
      await texts.of([2, 3], show),
    ];
    expect(parts.join('')).toBe('{"id":1},{"id":2},{"id":3}');
  });

  it('let others have their turns between long items, and show each in its turn', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const seen: number[] = [];
    const text = 'x'.repeat(64 * 1024);
    await new ItemTexts().of([1, 2, 3, 4], () => {
      seen.push(turns);
      return { text };
    });
    clearImmediate(next);
    expect(new Set(seen).size).toBe(4);
  });
});

import { textsOf } from './found-texts.ts';

describe('the texts of a describe or a shorten', () => {
  it('are told apart by their numbers', () => {
    expect(textsOf('1️⃣ a red fox --ar 3:2\n\n2️⃣ a fox, snow\n\n3. one more\n4) the last')).toEqual([
      'a red fox --ar 3:2',
      'a fox, snow',
      'one more',
      'the last',
    ]);
  });

  it('are one where there are no numbers', () => {
    expect(textsOf(' a red fox\nin the snow ')).toEqual(['a red fox\nin the snow']);
    expect(textsOf('')).toEqual([]);
  });
});

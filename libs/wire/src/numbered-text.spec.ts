import { isNumbered, numberedOption } from './numbered-text.js';

const FOUND = '1️⃣ a fox in snow --ar 3:2\n\n2️⃣ a red fox,\nat dawn --ar 3:2\r\n\r\n3⃣ a vixen\n\n4️⃣ snow';

describe('a text with numbered options', () => {
  it.each([
    [1, 'a fox in snow --ar 3:2'],
    [2, 'a red fox,\nat dawn --ar 3:2'],
    [3, 'a vixen'],
    [4, 'snow'],
    [5, ''],
  ])('option %i is %j', (number, option) => {
    expect(isNumbered(FOUND)).toBe(true);
    expect(numberedOption(FOUND, number)).toBe(option);
  });

  it('may have something before them', () => {
    const shortened = '## Important tokens\n**fox** (1.00)\n## Shortened prompts\n1️⃣ fox, snow\n2️⃣ fox';
    expect(numberedOption(shortened, 1)).toBe('fox, snow');
    expect(numberedOption(shortened, 2)).toBe('fox');
  });

  it.each(['a fox', '', 'press 1️⃣ to begin'])('%j has none, and is an option itself', (text) => {
    expect(isNumbered(text)).toBe(false);
    expect(numberedOption(text, 2)).toBe(text);
  });
});

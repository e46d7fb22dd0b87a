import { promptParts } from './prompt-parts.ts';

describe('promptParts', () => {
  it.each([
    ['a red fox', 'a red fox', []],
    ['a fox --ar 3:2 --style raw --tile', 'a fox', ['--ar 3:2', '--style raw', '--tile']],
    ['a fox --no cars, trees --v 7', 'a fox', ['--no cars, trees', '--v 7']],
    ['well-known -- dash', 'well-known -- dash', []],
    ['--video', '', ['--video']],
  ])('%s', (prompt, words, parameters) => {
    expect(promptParts(prompt)).toEqual({ words, parameters });
  });
});

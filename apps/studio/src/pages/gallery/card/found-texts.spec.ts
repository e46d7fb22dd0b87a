import { foundTexts } from './found-texts.ts';

const found = (finalPrompt: string): string[] =>
  foundTexts({ prompt: '', properties: { finalPrompt, finalZhPrompt: '' } });

describe('foundTexts', () => {
  it('takes the numbers off', () => {
    expect(found('1️⃣ a fox --ar 3:2\n\n2️⃣ a dog')).toEqual(['a fox --ar 3:2', 'a dog']);
    expect(found('1. a fox\n2) a dog')).toEqual(['a fox', 'a dog']);
  });

  it('leaves out headings and tokens where prompts are numbered', () => {
    expect(found('## Important tokens\n**fox** (1.00)\n## Shortened prompts\n1️⃣ fox')).toEqual(['fox']);
  });

  it('takes every line where none is numbered', () => {
    expect(found('3 foxes\n\na dog')).toEqual(['3 foxes', 'a dog']);
    expect(found('')).toEqual([]);
  });
});

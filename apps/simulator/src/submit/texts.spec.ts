import { fromRgb } from '../drawing/colour.js';
import { Body, BindingError } from './body.js';
import { describePicture, nameColour, nearestRatio } from './describe-text.js';
import { shortenPrompt } from './shorten-text.js';

describe('describePicture', () => {
  it('names the colours and the sides of the picture', () => {
    const { english, chinese } = describePicture([fromRgb(20, 60, 200), fromRgb(20, 60, 200)], 1500, 1000, 4);
    expect(english).toHaveLength(4);
    expect(chinese).toHaveLength(4);
    expect(new Set(english).size).toBe(4);
    for (const prompt of english) expect(prompt).toMatch(/blue.* --ar 3:2$/);
  });

  it.each([
    [1024, 1024, '1:1'],
    [1456, 816, '16:9'],
    [800, 1200, '2:3'],
  ])('finds the ratio of %i × %i', (width, height, ratio) => expect(nearestRatio(width, height)).toBe(ratio));

  it('knows black, white and a pale colour', () => {
    expect(nameColour(fromRgb(0, 0, 0))[0]).toBe('black');
    expect(nameColour(fromRgb(255, 255, 255))[0]).toBe('white');
    expect(nameColour(fromRgb(255, 205, 215))[0]).toMatch(/^pale/);
  });
});

describe('shortenPrompt', () => {
  it('weighs tokens and writes five prompts, none longer than the one before', () => {
    const { text, prompts } = shortenPrompt('Please create a peaceful serene sunset over the lake --ar 3:2');
    expect(prompts).toHaveLength(5);
    expect(text).toContain('~~Please~~');
    expect(text).toMatch(/## Important tokens\n.*\n## Shortened prompts\n1️⃣ /);
    const counts = prompts.map((prompt) => prompt.split(/[ ,]+/).length);
    expect([...counts].sort((one, other) => other - one)).toEqual(counts);
    expect(prompts.join(' ')).not.toMatch(/Please|--ar/);
  });

  it('can shorten nothing', () => expect(shortenPrompt('').prompts).toHaveLength(5));
});

describe('Body', () => {
  it('takes numbers for texts, drops blank items, refuses other types', () => {
    const body = Body.of({
      taskId: 1751363012345678,
      list: ['a', '', null, 3],
      flag: 'yes',
      deep: { modes: ['FAST'] },
    });
    expect(body.text('taskId')).toBe('1751363012345678');
    expect(body.texts('list')).toEqual(['a', '3']);
    expect(body.inner('deep').texts('modes')).toEqual(['FAST']);
    expect(() => body.flag('flag')).toThrow(BindingError);
    expect(() => body.text('list')).toThrow(BindingError);
    expect(() => Body.of([])).toThrow(BindingError);
    expect(Body.of(null).text('x')).toBeNull();
  });
});

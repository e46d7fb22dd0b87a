import { echoPrompt, readPrompt, withoutSpeed } from './prompt.js';

describe('readPrompt', () => {
  it('separates leading URLs, words and parameters', () => {
    const prompt = readPrompt('https://a.example/x.png a red fox\nin snow --ar 3:2 --seed 7 --turbo --v 6.1');
    expect(prompt).toMatchObject({
      urls: ['https://a.example/x.png'],
      words: 'a red fox in snow',
      seed: 7,
      mode: 'TURBO',
      version: 6,
    });
    expect(prompt.aspect).toBeCloseTo(1.5);
  });

  it.each([
    ['fox --FAST', 'FAST'],
    ['fox --TURBO', null],
    ['fox --relax --fast', 'FAST'],
    ['fox --turbo --relax', 'RELAX'],
    ['fox', null],
  ])('reads the speed of %s', (text, mode) => {
    expect(readPrompt(text).mode).toBe(mode);
  });

  it.each(['', '--ar', '--ar 0:0', '--ar 1:0 x', '--seed -4', '--v --ar', '::', '\u0000--', 'https://x'])(
    'survives %j',
    (text) => {
      expect(readPrompt(text).aspect).toBe(1);
    },
  );

  it('holds a custom zoom between 1 and 2 and knows video, niji and batches', () => {
    expect(readPrompt('x --zoom 9').zoom).toBe(2);
    expect(readPrompt('x --zoom 1.4').zoom).toBe(1.4);
    expect(readPrompt('x')).toMatchObject({ zoom: null, video: false, niji: false, batch: 4, version: 7, seed: null });
    expect(readPrompt('x --video 1 --bs 2 --niji 6')).toMatchObject({ video: true, niji: true, batch: 2, version: 6 });
  });

  it('takes a pasted line of dashes for a space', () => {
    expect(readPrompt('a --- b').full).toBe('a b');
  });
});

describe('echoPrompt', () => {
  it('adds a version and the speed that it ran at, once', () => {
    expect(echoPrompt('fox --turbo', 'FAST', false)).toBe('fox --v 7.0 --fast');
    expect(echoPrompt('fox --v 6.1', 'RELAX', false)).toBe('fox --v 6.1 --relax');
    expect(echoPrompt('fox', 'TURBO', true)).toBe('fox --niji 7 --turbo');
    expect(withoutSpeed('fox --v 7.0 --fast')).toBe('fox --v 7.0');
  });
});

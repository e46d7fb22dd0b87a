import { asksForVideo, promptToSend, speedOf, withHyphens, withoutForeignSpeed } from './prompt-flags.js';

describe('speed flags', () => {
  it('are read in any case, the first one, and no lookalikes', () => {
    expect(speedOf('a fox --Turbo --relax')).toBe('TURBO');
    expect(speedOf('--fast a fox')).toBe('FAST');
    expect(speedOf('a fox —turbo')).toBe('TURBO');
    expect(speedOf('—RELAX a fox --turbo')).toBe('RELAX');
    expect(speedOf('a fox —turbo, red')).toBe('TURBO');
    expect(speedOf('a fox --relax. It is red')).toBe('RELAX');
    expect(speedOf('a fox —turbo, {red, blue}')).toBe('TURBO');
    for (const none of [
      'a fox {--turbo, —fast, --tile}',
      'a fox --fastidious',
      'a fox--fast',
      'a fox—fast',
      'a fox –fast',
      'a fox — fast',
      'fast—turbo',
    ]) {
      expect(speedOf(none)).toBeNull();
    }
  });

  it('are not sent; the rest is, as Midjourney reads it', () => {
    expect(promptToSend('a fox --turbo --ar 3:2 --fast')).toBe('a fox --ar 3:2');
    expect(promptToSend('a fox --fastidious')).toBe('a fox --fastidious');
    expect(promptToSend('a fox —turbo —ar 3:2\n—fast')).toBe('a fox --ar 3:2');
    expect(promptToSend('a {--turbo, —fast, red} fox --relax')).toBe('a {,, red} fox');
    expect(promptToSend('red,--fast a fox')).toBe('red,--fast a fox');
    expect(promptToSend('a fox —turbo, red --fast.')).toBe('a fox, red.');
    expect(promptToSend('a {red —fast; b, c} fox —turbo!')).toBe('a {red; b, c} fox!');
  });

  it('in an echo are those that were typed', () => {
    expect(withoutForeignSpeed('a fox --ar 3:2 --turbo', 'a fox --ar 3:2')).toBe('a fox --ar 3:2');
    expect(withoutForeignSpeed('a fox --turbo --v 7', 'a fox')).toBe('a fox --v 7');
    expect(withoutForeignSpeed('a fox --turbo', 'a fox --Turbo')).toBe('a fox --turbo');
    expect(withoutForeignSpeed('a fox --turbo', 'a fox —turbo')).toBe('a fox --turbo');
    expect(withoutForeignSpeed('a fox --relax', 'a fox --turbo')).toBe('a fox');
    expect(withoutForeignSpeed('as --fast as a fox', 'as --fast as a fox')).toBe('as --fast as a fox');
  });
});

it('knows a video', () => {
  expect(asksForVideo('https://a.io/x.png runs --video 1')).toBe(true);
  expect(asksForVideo('it runs —video 1')).toBe(true);
  expect(asksForVideo('—Video')).toBe(true);
  expect(asksForVideo('it runs —video, slowly')).toBe(true);
  expect(asksForVideo('a --videos')).toBe(false);
  expect(asksForVideo('a –video')).toBe(false);
});

describe('an em dash', () => {
  it.each([
    ['a fox —ar 16:9', 'a fox --ar 16:9'],
    ['—v 7', '--v 7'],
    ['a fox —AR 1:1 —tile', 'a fox --AR 1:1 --tile'],
    ['a fox —ar16:9 —v6.1', 'a fox --ar16:9 --v6.1'],
    ['a fox —ar, —tile.', 'a fox --ar, --tile.'],
    ['a {—tile,—raw} fox', 'a {--tile,--raw} fox'],
    ['a fox —no text', 'a fox --no text'],
  ])('before a parameter is two hyphens: %s', (typed, read) => {
    expect(withHyphens(typed)).toBe(read);
  });

  it.each([
    'a fox — red and wild',
    'a fox —so they say',
    'pre—post, a—v 7',
    'a fox —no-one sees',
    'a fox —noël',
    "a fox —end's",
    'a fox —sparkle 5',
    'a fox –v 7 ―tile −c 5',
  ])('is a dash otherwise: %s', (typed) => {
    expect(withHyphens(typed)).toBe(typed);
  });
});

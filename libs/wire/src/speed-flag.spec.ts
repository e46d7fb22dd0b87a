import { asksForVideo, speedOf, withoutSpeed } from './speed-flag.js';

describe('speed flag', () => {
  it('reads the first flag in any case and no lookalikes', () => {
    expect(speedOf('a fox --Turbo --relax')).toBe('TURBO');
    expect(speedOf('--fast a fox')).toBe('FAST');
    expect(speedOf('a fox --fastidious')).toBeNull();
    expect(speedOf('a fox--fast')).toBeNull();
  });

  it('takes every flag out and leaves the rest', () => {
    expect(withoutSpeed('a fox --turbo --ar 3:2 --fast')).toBe('a fox --ar 3:2');
    expect(withoutSpeed('a fox --fastidious')).toBe('a fox --fastidious');
  });

  it('knows a video', () => {
    expect(asksForVideo('https://a.io/x.png runs --video 1')).toBe(true);
    expect(asksForVideo('a --videos')).toBe(false);
  });
});

import type { ApiKey } from '#libs/access';
import type { TaskMode } from '#libs/wire';
import { MjError } from '../http/errors/mj-error.js';
import { chooseMode, type ModeSources } from './submit-terms.js';

const sources = (given: Partial<Omit<ModeSources, 'key'>> & { keyMode?: TaskMode }): ModeSources => ({
  body: {},
  prefix: null,
  prompt: '',
  parent: null,
  fallback: 'FAST',
  ...given,
  key: { defaultMode: given.keyMode ?? null } as ApiKey,
});

/** The order of wire.md: the first that is set wins. */
describe('the mode of a submit', () => {
  it.each([
    ['the body', { body: { mode: 'relax', accountFilter: { modes: ['TURBO'] } }, prefix: 'TURBO' }, 'RELAX', true],
    ['the path prefix', { prefix: 'TURBO', body: { accountFilter: { modes: ['RELAX'] } } }, 'TURBO', true],
    [
      'the account filter',
      { body: { accountFilter: { modes: ['RELAX', 'FAST'] } }, prompt: 'a --turbo' },
      'RELAX',
      true,
    ],
    ['the flag of the prompt', { prompt: 'a --turbo', keyMode: 'RELAX' }, 'TURBO', true],
    ["the parent's", { parent: 'TURBO', keyMode: 'RELAX' }, 'TURBO', true],
    ["the key's", { keyMode: 'RELAX', fallback: 'TURBO' }, 'RELAX', true],
    ['the default, which nobody chose', { fallback: 'TURBO' }, 'TURBO', false],
  ] as [string, Parameters<typeof sources>[0], TaskMode, boolean][])('is %s', (_, given, mode, isChosen) => {
    expect(chooseMode(sources(given))).toEqual({ mode, isChosen });
  });

  it('is refused when it is no mode', () => {
    expect(() => chooseMode(sources({ body: { mode: 'SLOW' } }))).toThrow(MjError);
    expect(() => chooseMode(sources({ body: { accountFilter: { modes: ['quick'] } } }))).toThrow(MjError);
  });
});

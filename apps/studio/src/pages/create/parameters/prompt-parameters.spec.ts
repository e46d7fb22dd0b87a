import { parametersIn, parameterValue, versionOf, withParameter, type PromptRules } from './prompt-parameters.ts';

type Rule = PromptRules['parameters'][number];

const rule = (name: string, kind: Rule['value']['kind'], changes: Partial<Rule> = {}): Rule => ({
  name,
  aliases: [],
  value: { kind, optional: kind === 'flag' },
  models: ['7', '8'],
  disputed: [],
  default: null,
  repeatable: false,
  speed: false,
  undocumented: false,
  excludes: [],
  needs: null,
  ...changes,
});

const RULES: PromptRules = {
  parameters: [
    rule('ar', 'ratio', { aliases: ['aspect'] }),
    rule('s', 'number', { aliases: ['stylize'] }),
    rule('v', 'version', { excludes: ['niji'] }),
    rule('niji', 'version', { excludes: ['v'] }),
    rule('tile', 'flag'),
    rule('no', 'text'),
    rule('sref', 'codes', { repeatable: true }),
  ],
  models: [],
  versions: [
    { text: '--v 8.2', bot: 'MID_JOURNEY', version: 8.2, model: '8', isDefault: true },
    { text: '--v 7', bot: 'MID_JOURNEY', version: 7, model: '7', isDefault: false },
    { text: '--niji 7', bot: 'NIJI_JOURNEY', version: 7, model: 'niji 7', isDefault: true },
  ],
  mostPictures: 20,
  mostStyleReferences: 20,
  mostLength: 8_192,
  ratios: ['1:1'],
};

const values = (prompt: string): Record<string, string> =>
  Object.fromEntries(parametersIn(prompt, RULES).map(({ rule: { name }, value }) => [name, value]));

describe('parameters of a prompt', () => {
  it('reads names, longer names, and the dash of phones', () => {
    expect(values('a fox --aspect 16:9 —stylize 250 --tile --no red, green --sref 12 34')).toEqual({
      ar: '16:9',
      s: '250',
      tile: '',
      no: 'red, green',
      sref: '12 34',
    });
  });

  it('takes words with dashes for words', () => {
    expect(values('a fox -- a tile --sparkle 5 --ar')).toEqual({ ar: '' });
  });

  it.each([
    ['a fox', 'ar', '3:2', 'a fox --ar 3:2'],
    ['a fox  ', 'tile', '', 'a fox --tile'],
    ['', 'ar', '3:2', '--ar 3:2'],
    ['a fox --aspect 16:9 --tile', 'ar', '3:2', 'a fox --aspect 3:2 --tile'],
    ['a fox --s 5 --stylize 6', 's', '7', 'a fox --s 7'],
    ['a fox --v 7 --tile', 'niji', '7', 'a fox --tile --niji 7'],
    ['a  fox\n--ar 16:9 --tile', 'ar', null, 'a  fox --tile'],
    ['a fox --tile', 'tile', null, 'a fox'],
    ['a fox', 'unheard-of', '1', 'a fox'],
    ['<b>fox</b> —ar 1:1', 'ar', '2:3', '<b>fox</b> —ar 2:3'],
  ])('changes %j by %s %j', (prompt, name, value, expected) => {
    expect(withParameter(prompt, RULES, name, value)).toBe(expected);
  });

  it('finds again what it wrote', () => {
    const written = withParameter('a fox --tile', RULES, 'no', 'text, hands');
    expect(parameterValue(parametersIn(written, RULES), 'no')).toBe('text, hands');
  });

  it('knows the version that draws it', () => {
    const version = (prompt: string, bot = 'MID_JOURNEY'): string | undefined =>
      versionOf(parametersIn(prompt, RULES), RULES, bot)?.text;
    expect(version('a fox')).toBe('--v 8.2');
    expect(version('a fox', 'NIJI_JOURNEY')).toBe('--niji 7');
    expect(version('a fox --v 7')).toBe('--v 7');
    expect(version('a fox --v 99')).toBeUndefined();
  });
});

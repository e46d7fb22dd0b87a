import type { RuleKind } from '../prompt-rules/kind-rules.js';
import { judgePrompt, type JudgeOptions } from './judge-prompt.js';
import { parametersOf } from './prompt-parameters.js';
import { withVersion } from './prompt-version.js';

const A = 'https://images.example.com/a.png';
const links = (count: number): string => Array.from({ length: count }, (_, n) => `${A}?${n}`).join(' ');

/** `ok 8.2`, `ok niji 7`, or what is missing. */
function judged(prompt: string, kind: RuleKind, options: Partial<JudgeOptions> = {}): string {
  const verdict = judgePrompt(prompt, kind, {
    defaultVersion: null,
    botType: 'MID_JOURNEY',
    mode: 'FAST',
    ...options,
  });
  if (verdict.kind === 'unsupported') return `${verdict.what} ${verdict.name}`;
  return `ok ${verdict.niji ? 'niji ' : ''}${verdict.version}`;
}

type Case = [prompt: string, midjourney: string, youchuan: string, legnext: string, apimart: string];

it.each<Case>([
  ['a fox', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  ['', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  // Versions.
  ['a fox --v 7', 'ok 7', 'ok 7', 'ok 7', 'ok 7'],
  ['a fox --v 7.0,', 'ok 7', 'ok 7', 'ok 7', 'ok 7'],
  ['a fox —version 6.1', 'ok 6.1', 'ok 6.1', 'ok 6.1', 'ok 6.1'],
  ['a fox --v6.1', 'ok 6.1', 'ok 6.1', 'ok 6.1', 'ok 6.1'],
  ['a fox –v 6.1', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  ['a fox --v 8.2', 'ok 8.2', 'version 8.2', 'ok 8.2', 'ok 8.2'],
  ['a fox --v 8', 'ok 8', 'version 8', 'ok 8.2', 'ok 8.2'],
  ['a fox --v 8.1', 'ok 8.1', 'ok 8.1', 'ok 8.1', 'ok 8.1'],
  ['a fox --v 5.2', 'ok 5.2', 'version 5.2', 'ok 5.2', 'ok 5.2'],
  ['a fox --v 6', 'ok 6', 'ok 6', 'ok 6', 'version 6'],
  ['a fox --v 9', 'ok 9', 'version 9', 'version 9', 'version 9'],
  ['a fox --v new', 'ok 8.2', 'version new', 'version new', 'version new'],
  ['a fox --niji 7', 'ok niji 7', 'ok niji 7', 'ok niji 7', 'ok niji 7'],
  ['a fox --niji 5', 'ok niji 5', 'version niji 5', 'ok niji 5', 'version niji 5'],
  ['a fox --niji', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  // What a kind does not have.
  ['a fox --q 2', 'ok 8.2', 'ok 7', 'parameter q', 'parameter q'],
  ['a fox --quality 4 --v 8.1', 'ok 8.1', 'ok 8.1', 'parameter quality', 'parameter quality'],
  ['a fox --q 2 --v 8.1', 'ok 8.1', 'parameter q', 'parameter q', 'parameter q'],
  ['a fox --weird 5 --v 8.1', 'ok 8.1', 'parameter weird', 'ok 8.1', 'ok 8.1'],
  ['a fox --Tile --v 8.1', 'ok 8.1', 'parameter tile', 'ok 8.1', 'ok 8.1'],
  ['a fox --weird 5 --tile --v 7', 'ok 7', 'ok 7', 'ok 7', 'ok 7'],
  [`a fox --edit ${A}`, 'ok 8.2', 'parameter edit', 'ok 8.2', 'ok 8.2'],
  ['a fox --draft --v 8.1', 'ok 8.1', 'parameter draft', 'ok 8.1', 'ok 8.1'],
  [`a fox --oref ${A} --ow 50 --v 8.1`, 'ok 8.1', 'ok 8.1', 'ok 8.1', 'ok 8.1'],
  [`a fox --sref ${A} --sv 4 --v 8.1`, 'ok 8.1', 'parameter sv', 'ok 8.1', 'ok 8.1'],
  [`a fox --sref ${A} --sv 6 --v 8.1`, 'ok 8.1', 'ok 8.1', 'ok 8.1', 'ok 8.1'],
  ['a fox --p', 'ok 8.2', 'parameter p', 'ok 8.2', 'ok 8.2'],
  ['a fox --profile abc', 'ok 8.2', 'parameter profile', 'ok 8.2', 'ok 8.2'],
  ['a fox --p m12ab', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  ['a fox --no text --niji 7', 'ok niji 7', 'parameter no', 'ok niji 7', 'ok niji 7'],
  ['a fox --no text --v 7', 'ok 7', 'ok 7', 'ok 7', 'ok 7'],
  ['hot::2 dog', 'ok 8.2', 'parameter ::', 'ok 8.2', 'ok 8.2'],
  ['a fox --hd --v 5.2', 'ok 5.2', 'version 5.2', 'ok 5.2', 'parameter hd'],
  ['a fox --hd', 'ok 8.2', 'parameter hd', 'ok 8.2', 'ok 8.2'],
  // What a model does not have.
  ['a fox --stop 50', 'ok 8.2', 'parameter stop', 'parameter stop', 'parameter stop'],
  ['a fox --stop 50 --v 6.1', 'ok 6.1', 'ok 6.1', 'ok 6.1', 'ok 6.1'],
  [`a fox --cref ${A} --v 7`, 'ok 7', 'parameter cref', 'parameter cref', 'parameter cref'],
  ['a fox --motion low', 'ok 8.2', 'parameter motion', 'parameter motion', 'parameter motion'],
  // What is ignored, or nobody has.
  ['a fox --style raw --v 8.1', 'ok 8.1', 'ok 8.1', 'ok 8.1', 'ok 8.1'],
  ['a fox --style cute --v 8.1', 'ok 8.1', 'parameter style', 'parameter style', 'parameter style'],
  ['a fox --sparkle --uplight --chaos 900 --ar 1.5:1', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  ['a fox –stop 50 — so they say', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  ['a fox --relax --turbo', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  [`${A} it runs --video 1 --motion low --bs 4 --chaos 5 --v 9`, 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  // Several jobs.
  ['a {red, blue} fox', 'ok 8.2', 'jobs permutations', 'jobs permutations', 'jobs permutations'],
  ['a {red\\, blue} fox', 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  ['a fox --repeat 3', 'ok 8.2', 'jobs repeat', 'jobs repeat', 'ok 8.2'],
  // Links and length.
  [`${links(20)} a fox --sref ${links(20)}`, 'ok 8.2', 'ok 7', 'ok 8.2', 'ok 8.2'],
  [`${links(20)} a fox ${A}`, 'ok 8.2', 'links 20', 'links 20', 'ok 8.2'],
  [`a fox --sref ${links(21)}`, 'ok 8.2', 'links 20', 'links 20', 'ok 8.2'],
  ['a'.repeat(8_186), 'ok 8.2', 'ok 7', 'length 8192', 'ok 8.2'],
  ['a'.repeat(8_188), 'ok 8.2', 'length 8192', 'length 8192', 'ok 8.2'],
])('%.60j', (prompt, midjourney, youchuan, legnext, apimart) => {
  const verdicts = [judged(prompt, 'midjourney'), judged(prompt, 'youchuan'), judged(prompt, 'legnext')];
  expect([...verdicts, judged(prompt, 'apimart')]).toEqual([midjourney, youchuan, legnext, apimart]);
});

describe('besides the prompt', () => {
  it('the mode counts, for some models', () => {
    expect(judged('a fox', 'youchuan', { mode: 'RELAX' })).toBe('mode RELAX');
    expect(judged('a fox', 'youchuan', { mode: 'TURBO' })).toBe('ok 7');
    expect(judged('a fox --v 8.1', 'youchuan', { mode: 'TURBO' })).toBe('mode TURBO');
    expect(judged('a fox --seed 5', 'youchuan', { mode: 'TURBO' })).toBe('parameter seed');
    expect(judged('a fox --seed 5', 'youchuan')).toBe('ok 7');
    for (const kind of ['midjourney', 'legnext', 'apimart'] as const) {
      expect(judged('a fox', kind, { mode: 'RELAX' })).toBe('ok 8.2');
    }
  });

  it('Niji draws what is for its bot', () => {
    const niji = { botType: 'NIJI_JOURNEY' } as const;
    expect(judged('a fox', 'youchuan', niji)).toBe('ok niji 7');
    expect(judged('a fox --v 7', 'youchuan', niji)).toBe('ok 7');
    expect(judged('a fox', 'apimart', { ...niji, defaultVersion: '7' })).toBe('ok niji 7');
    expect(judged('a fox', 'apimart', { ...niji, defaultVersion: 'niji 6' })).toBe('ok niji 6');
    expect(judged('a fox --stop 50', 'legnext', niji)).toBe('parameter stop');
  });

  it("the operator's versions replace those of the kind", () => {
    expect(judged('a fox', 'legnext', { defaultVersion: '7' })).toBe('ok 7');
    expect(judged('a fox', 'legnext', { versions: ['6.1', '7'] })).toBe('ok 7');
    expect(judged('a fox', 'legnext', { versions: ['7', '8.1'], defaultVersion: '7' })).toBe('ok 7');
    expect(judged('a fox --v 8.2', 'legnext', { versions: ['7'] })).toBe('version 8.2');
    expect(judged('a fox --v 8.2', 'youchuan', { versions: ['7', '8.2'] })).toBe('ok 8.2');
    expect(judged('a fox --niji 6', 'legnext', { versions: ['7', 'niji 7'] })).toBe('version niji 6');
    expect(judged('a fox', 'legnext', { versions: ['Niji 7'] })).toBe('version 8.2');
    expect(judged('a fox', 'midjourney', { versions: ['7'] })).toBe('ok 7');
    expect(judged('a fox --v 6', 'midjourney', { versions: ['7'] })).toBe('version 6');
    expect(judged('a fox', 'legnext', { versions: [], defaultVersion: 'best' })).toBe('version 8.2');
  });

  it('pictures that come with it are pictures', () => {
    expect(judged(`${links(18)} a fox`, 'youchuan', { images: 2 })).toBe('ok 7');
    expect(judged(`${links(18)} a fox`, 'youchuan', { images: 3 })).toBe('links 20');
  });

  it('a video drops what is for pictures', () => {
    expect(judged('it runs --motion low --no text', 'youchuan', { isVideo: true })).toBe('ok 7');
  });
});

it.each([
  ['a fox', '8.2', false, 'a fox --v 8.2'],
  ['a fox --ar 3:2 \n', '7', false, 'a fox --ar 3:2 --v 7'],
  ['a fox', '7', true, 'a fox --niji 7'],
  ['a fox', 'niji 6', false, 'a fox --niji 6'],
  ['a fox --v 6', '8.2', false, 'a fox --v 6'],
  ['a fox —v 6', '8.2', false, 'a fox —v 6'],
  ['a fox –v 6', '8.2', false, 'a fox –v 6 --v 8.2'],
  ['a fox --niji', '8.2', false, 'a fox --niji'],
  ['a fox --v7', '8.2', false, 'a fox --v7'],
  ['a fox {--v 7, --v 6.1}', '8.2', false, 'a fox {--v 7, --v 6.1}'],
  ['a {red, blue} fox', '8.2', false, 'a {red, blue} fox --v 8.2'],
  [`${A} --video`, '8.2', false, `${A} --video`],
  ['', '8.2', false, '--v 8.2'],
])('%j names %s', (prompt, version, niji, named) => {
  expect(withVersion(prompt, version, niji)).toBe(named);
});

it.each<[prompt: string, text: string, ...parameters: string[]]>([
  ['a fox', 'a fox'],
  ['', ''],
  [`${A} a red fox --ar 16:9, --stylize 250 --raw --v 8.2`, `${A} a red fox`, 'ar 16:9', 's 250', 'raw', 'v 8.2'],
  ['a fox --no cats, dogs --seed 5', 'a fox', 'no cats, dogs', 'seed 5'],
  [`a fox --sref ${A} --sw 50 --sref 1234 random`, 'a fox', `sref ${A} 1234 random`, 'sw 50'],
  ['a fox --c 5 --chaos 6', 'a fox', 'c 5', 'c 6'],
  ['a fox --sparkle 5 and more —tile', 'a fox', 'sparkle 5 and more', 'tile'],
  ['--ar 3:2 a fox --fast runs', 'a fox runs', 'ar 3:2'],
  ['a fox –v 7 — so they say', 'a fox –v 7 — so they say'],
  ['a fox --ar {3:2, 1:1} --ar16:9', 'a fox', 'ar {3:2, 1:1}', 'ar 16:9'],
  ['two\nlines --tile , .', 'two\nlines', 'tile'],
])('the parts of %j', (prompt, text, ...parameters) => {
  const parts = parametersOf(prompt);
  expect(parts.text).toBe(text);
  expect(parts.parameters.map(({ name, value }) => `${name} ${value}`.trim())).toEqual(parameters);
});

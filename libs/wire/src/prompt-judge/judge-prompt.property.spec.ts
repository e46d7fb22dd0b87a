import fc from 'fast-check';
import { RULE_KINDS } from '../prompt-rules/kind-rules.js';
import { PROMPT_RULES } from '../prompt-rules/prompt-rules.js';
import { judgePrompt } from './judge-prompt.js';
import { parametersOf } from './prompt-parameters.js';
import { readPrompt, withVersion } from './prompt-version.js';

const names = PROMPT_RULES.parameters.flatMap((parameter) => parameter.names);
const piece = fc.oneof(
  fc.constantFrom('fox', '雾', '🦊', 'https://images.example.com/a.png', '::2', '{a, b}', '{', '--', '—', ',', '16:9'),
  fc.constantFrom('7', '8.2', '6,', 'random', 'm12', '--sparkle', '--v7', '—v 8', '--niji', '--fast', '-- v 7', '\\'),
  fc.constantFrom(...names).map((name) => `--${name}`),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const prompt = fc.oneof(
  fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(' ')),
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
);
const version = fc.oneof(fc.constantFrom('7', '8.2', 'niji 7', '', 'x'), fc.string({ maxLength: 5 }));
const options = fc.record({
  defaultVersion: fc.option(version),
  botType: fc.constantFrom('MID_JOURNEY', 'NIJI_JOURNEY', 'INSIGHT_FACE'),
  mode: fc.constantFrom('RELAX', 'FAST', 'TURBO'),
  versions: fc.option(fc.array(version, { maxLength: 3 })),
  images: fc.nat({ max: 30 }),
});

describe('any prompt', () => {
  it('has a verdict for each kind, and the same one with the version named', () => {
    fc.assert(
      fc.property(prompt, options, fc.constantFrom(...RULE_KINDS), (text, given, kind) => {
        const verdict = judgePrompt(text, kind, given);
        if (verdict.kind === 'unsupported') {
          expect(verdict.name).toEqual(expect.any(String));
          return;
        }
        const named = withVersion(text, verdict.version, verdict.niji);
        expect(withVersion(named, '1')).toBe(named);
        expect(judgePrompt(named, kind, given)).toEqual(verdict);
      }),
      { numRuns: 3_000 },
    );
  });

  it('has no parameters left in its text', () => {
    fc.assert(
      fc.property(prompt, (text) => {
        const parts = parametersOf(text);
        expect(readPrompt(parts.text).flags).toEqual([]);
        expect(parametersOf(parts.text)).toEqual({ text: parts.text, parameters: [] });
      }),
      { numRuns: 3_000 },
    );
  });

  // Taking the square of such a length would outlast any patience.
  const LENGTH = 64 * 1024;
  it.each([
    ...['{', '}', '{}', '\\', ' ', '-', '--', '—', '--a ', '--v ', '--v7 ', '::', 'a::-1 ', ',', '--no a, ', '-- ar '],
    ...['1', '.', 'https://', '--p a ', '--tile a ', '--sref 1,1 ', 'a\n', '{a,b}', '--v 7.', '--tile '],
  ])('is judged and taken apart in 64 KiB of %j', (unit) => {
    const long = unit.repeat(LENGTH / unit.length);
    const given = { defaultVersion: null, botType: 'MID_JOURNEY', mode: 'FAST' } as const;
    expect(judgePrompt(long, 'youchuan', given)).toHaveProperty('kind');
    expect(parametersOf(long).text.length).toBeLessThanOrEqual(LENGTH);
    expect(withVersion(long, '7').length).toBeLessThanOrEqual(LENGTH + 6);
  });

  it.each(['1', '.', ',', 'a', ':', '-'])('is judged with 64 KiB of %j as a value', (unit) => {
    const value = unit.repeat(LENGTH);
    const given = { defaultVersion: null, botType: 'MID_JOURNEY', mode: 'FAST' } as const;
    for (const name of ['v', 'niji', 'p', 'q', 'sref', 'sparkle']) {
      expect(judgePrompt(`a fox --${name} ${value}x`, 'youchuan', given)).toHaveProperty('kind');
      expect(parametersOf(`a fox --${name} ${value}x`).parameters).toHaveLength(1);
    }
  });
});

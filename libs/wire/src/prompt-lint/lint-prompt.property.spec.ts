import fc from 'fast-check';
import type { Finding } from './finding.js';
import { lintPrompt } from './lint-prompt.js';
import { PROMPT_RULES } from '../prompt-rules/prompt-rules.js';

const NAMES = PROMPT_RULES.parameters.flatMap(({ names }) => names);
const PIECES = [
  ...[
    'a',
    'fox',
    '雾',
    '🦊',
    'https://images.example.com/a.png',
    '::',
    '::-2',
    'hot::1',
    '{',
    '}',
    '{a, b}',
    '\\',
    '--',
    '—',
  ],
  ...[
    '-',
    ',',
    '.',
    '"',
    '16:9',
    '1.5:1',
    '16x9',
    '0',
    '7',
    '6.1',
    '8.1',
    '5000',
    '-3',
    '0,5',
    'low',
    'random',
    'm12',
    '|',
  ],
  ...[
    '--sparkle',
    '--ar16:9',
    '--v7',
    '--s=5',
    '--AR',
    '--tile,',
    '--ar:',
    '—ar',
    '—tile',
    '—c',
    '– v',
    '-- ar',
    '-- no',
  ],
];

const piece = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.constantFrom(...NAMES).map((name) => `--${name}`),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const prompt = fc.oneof(
  fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(' ')),
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
const context = fc.record(
  {
    botType: fc.constantFrom('MID_JOURNEY', 'NIJI_JOURNEY'),
    images: fc.integer({ min: 0, max: 3 }),
    isVideo: fc.boolean(),
    tellsJobs: fc.boolean(),
    needsText: fc.boolean(),
  },
  { requiredKeys: [] },
);

const fixed = (text: string, { start, end, fix }: Finding): string => text.slice(0, start) + fix + text.slice(end);
const count = (findings: readonly Finding[], rule: string): number =>
  findings.filter((finding) => finding.rule === rule).length;

describe('lintPrompt of any string', () => {
  it('places every finding inside the string, in order, and gives the same answer again', () => {
    fc.assert(
      fc.property(prompt, context, (text, known) => {
        const findings = lintPrompt(text, known);
        for (const { start, end } of findings) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(end > start || text === '').toBe(true);
        }
        expect(findings.map(({ start }) => start)).toEqual(findings.map(({ start }) => start).sort((a, b) => a - b));
        expect(lintPrompt(text, known)).toEqual(findings);
      }),
      { numRuns: 3_000 },
    );
  });

  it('has one finding of the rule less once a fix is applied', () => {
    fc.assert(
      fc.property(prompt, context, (text, known) => {
        const findings = lintPrompt(text, known);
        for (const finding of findings.filter(({ fix }) => fix !== null)) {
          const after = lintPrompt(fixed(text, finding), known);
          expect({ finding, left: count(after, finding.rule) < count(findings, finding.rule) }).toEqual({
            finding,
            left: true,
          });
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('comes to an end when all fixes are applied', () => {
    fc.assert(
      fc.property(prompt, (text) => {
        let now = text;
        let steps = 0;
        for (;;) {
          const next = lintPrompt(now).find(({ fix }) => fix !== null);
          if (next === undefined) break;
          now = fixed(now, next);
          steps += 1;
          expect(steps).toBeLessThan(500);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  // Taking the square of such a length would outlast any patience.
  const LENGTH = 256 * 1024;
  it.each([
    ...['{', '}', '{}', '\\', ' ', '-', '--', '—', '--a ', '--ar ', '--v7 ', '--ar1', '::', ' ::', 'a::-1 ', ',', ', '],
    ...['1', '1.', '1:', '.', '--no a, ', '-- ar ', '—ar 1:1 ', 'https://', '--p a ', '--tile a ', '--sref 1,1', 'a\n'],
  ])('takes 256 KiB of %j', (unit) => {
    const findings = lintPrompt(unit.repeat(LENGTH / unit.length));
    expect(findings.every(({ end }) => end <= LENGTH)).toBe(true);
  });

  it.each(['1', '.', '1.', ',', 'a', '-', ':', '1:', 'm', '_', 'https://'])(
    'takes 256 KiB of %j as a value',
    (unit) => {
      const value = unit.repeat(LENGTH / unit.length);
      for (const name of ['ar', 'v', 'seed', 'no', 'sref', 'oref', 'p', 'style', 'sparkle']) {
        for (const tail of ['!', 'x']) {
          expect(lintPrompt(`a fox --${name} ${value}${tail}`)).toBeInstanceOf(Array);
        }
      }
    },
  );
});

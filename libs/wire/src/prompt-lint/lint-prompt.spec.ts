import type { LintContext } from './finding.js';
import { hasError, lintPrompt } from './lint-prompt.js';
import { PROMPT_RULES } from '../prompt-rules/prompt-rules.js';

const A = 'https://images.example.com/a.png';
const B = 'https://images.example.com/b.png';

/** Rules and places: `rule "the text that is meant" -> the fix`. */
function shown(prompt: string, context?: LintContext): string[] {
  return lintPrompt(prompt, context).map(
    ({ rule, start, end, fix }) => `${rule} ${JSON.stringify(prompt.slice(start, end))} -> ${JSON.stringify(fix)}`,
  );
}

const cases: [prompt: string, ...found: string[]][] = [
  // Nothing to draw.
  ['', 'text_missing "" -> null'],
  ['--ar 16:9', 'text_missing "--ar 16:9" -> null'],
  [' --fast ', 'text_missing " --fast " -> null'],
  [`${A} --ar 1:1`, `single_image "${A}" -> null`],
  [`${A} ${B}`],
  [`${A} in the rain`],
  [`${A} --video`],
  // Order.
  ['--ar 16:9 a red fox', 'text_after_parameters "--ar 16:9 a red fox" -> "a red fox --ar 16:9"'],
  [
    'a fox --chaos 5 in the --tile snow --v 6.1',
    'text_after_parameters "--chaos 5 in the --tile snow" -> "in the snow --chaos 5 --tile"',
  ],
  ['a long --fast text --ar 1:1'],
  ['a fox --ar {16:9, 1:1} --no {cats, dogs}'],
  ['a fox {--v 7, --v 6.1}'],
  // Dashes and spaces.
  ['a fox —ar 16:9', 'dash "—" -> "--"'],
  ['a fox –v 7 —tile', 'dash "–" -> "--"', 'dash "—" -> "--"'],
  ['a fox —ar16:9', 'dash "—" -> "--"', 'space_before_value "ar16:9" -> "ar 16:9"'],
  ['a fox — red and wild, —so they say —fast as the wind, pre—post'],
  ['a fox -- ar 16:9', 'space_after_dashes "-- " -> "--"'],
  ['a fox -- a red one --- and wild -- fast as the wind --'],
  ['a fox --ar16:9', 'space_before_value "ar16:9" -> "ar 16:9"'],
  ['a fox --ar:16:9', 'space_before_value "ar:16:9" -> "ar 16:9"'],
  ['a fox --v6.1 --s=250', 'space_before_value "v6.1" -> "v 6.1"', 'space_before_value "s=250" -> "s 250"'],
  ['a fox --niji7', 'space_before_value "niji7" -> "niji 7"'],
  ['a fox --video --motionlow', 'space_before_value "motionlow" -> "motion low"'],
  // Punctuation.
  ['a fox --ar 16:9, --chaos 5.', 'punctuation "," -> ""', 'punctuation "." -> ""'],
  ['a fox --tile, --ar 1:1 , --c 5', 'punctuation "," -> ""', 'punctuation " ," -> ""'],
  ['a fox --ar: 1:1', 'punctuation ":" -> ""'],
  ['"a fox --ar 16:9"', 'punctuation "\\"" -> ""'],
  ['a fox, red; wild. --no cats, dogs, hats'],
  [`a fox --sref ${A}, ${B}?x=1`, 'punctuation "," -> ""'],
  // Names.
  ['a fox --sparkle 5 --c 5', 'unknown_parameter "--sparkle" -> null'],
  ['a well--known fox'],
  ['a fox --AR 16:9 --Tile', 'letter_case "AR" -> "ar"', 'letter_case "Tile" -> "tile"'],
  ['a fox --uplight', 'undocumented_parameter "--uplight" -> null'],
  ['a fox --ar 16:9 --aspect 1:1', 'duplicate_parameter " --aspect 1:1" -> ""'],
  ['a fox --s 5 --stylize 6 --s 7', 'duplicate_parameter " --stylize 6" -> ""', 'duplicate_parameter " --s 7" -> ""'],
  ['a fox --fast --fast', 'contradiction "--fast" -> null'],
  [`a fox --sref ${A} --sref ${B}`, `repeated_reference " --sref ${B}" -> " ${B}"`],
  [
    `a fox --sref ${A} --v 7 --sref ${B} 1234 --tile`,
    `repeated_reference " --v 7 --sref ${B} 1234" -> " ${B} 1234 --v 7"`,
  ],
  [
    'a fox --sref 1 --sref 2 --sref 3',
    'repeated_reference " --sref 2" -> " 2"',
    'repeated_reference " --sref 2 --sref 3" -> " 3 --sref 2"',
  ],
  [`a fox --oref ${A} --oref ${B} --v 7`, `duplicate_parameter " --oref ${B}" -> ""`],
  // Values.
  ['a fox --niji', 'value_missing "--niji" -> null'],
  ['a fox --ar --tile', 'value_missing "--ar" -> null'],
  ['a fox --no', 'value_missing "--no" -> null'],
  ['a fox --chaos lots', 'value_malformed "lots" -> null'],
  ['a fox --iw 0,5', 'needs_image "--iw 0,5" -> null', 'value_malformed "0,5" -> "0.5"'],
  ['a fox --ar 16x9', 'value_malformed "16x9" -> "16:9"'],
  ['a fox --ar 16：9', 'value_malformed "16：9" -> "16:9"'],
  ['a fox --seed 4.6', 'value_malformed "4.6" -> "5"'],
  ['a fox --cref cat --v 6', 'value_malformed "cat" -> null'],
  ['a fox --sref nothing', 'value_malformed "nothing" -> null'],
  [`a fox --sref random::2 1234 ${A}::1 --v 7 --p m123 abcd`],
  [`a fox --sref ${A} --sv 5 --v 8.2`],
  [`a fox --sref ${A} --sv 6 --niji 7`],
  [`a fox --sref ${A} --sv 5 --niji 7`, 'value_unusual "5" -> null'],
  ['a fox --sref random --sv 5 --v 7', 'value_unusual "5" -> null'],
  ['a fox --sref random --sv 4 --v 7'],
  [`a fox --sref ${A} 1234 --sv 3 --v 8.1`, 'value_unusual "3" -> null'],
  ['a fox --sref 1234 --sv 3 --v 6'],
  ['a fox --sref 1234 --sv 3'],
  [`a fox --sref ${A} --sv 7 --v 8.2`, 'disputed_in_version "7" -> null'],
  ['a fox --ar 1.85:1', 'ratio_not_whole "1.85:1" -> "37:20"'],
  ['a fox --ar 1:.5', 'ratio_not_whole "1:.5" -> "2:1"'],
  ['a fox --ar 0:1', 'value_out_of_range "0:1" -> null'],
  ['a fox --chaos 200 --s -5', 'value_out_of_range "200" -> "100"', 'value_out_of_range "-5" -> "0"'],
  ['a fox --seed 4294967296', 'value_out_of_range "4294967296" -> "4294967295"'],
  ['a fox --v 8', 'value_unusual "8" -> "8.2"'],
  ['a fox --version 8.0 --sd', 'value_unusual "8.0" -> "8.2"'],
  ['a fox --v 8.3', 'value_out_of_range "8.3" -> null'],
  ['a fox --niji 9', 'value_out_of_range "9" -> null'],
  ['a fox --v 7.0 --fast'],
  ['a fox --chaos 0 --s 1000 --weird 3000 --seed 0'],
  [`a fox --oref ${A} ${B} --v 7`, `too_many_values " ${B}" -> ""`],
  [`a fox --edit ${A} ${B} ${A} ${B} ${A} --v 8.1`, `too_many_values " ${A}" -> ""`],
  ['a fox --zoom 3', 'value_out_of_range "3" -> "2"'],
  ['a fox --video 1 --motion medium', 'value_malformed "medium" -> null'],
  ['a fox --stop 5', 'value_unusual "5" -> null'],
  ['a fox --style 4d --v 5', 'value_unusual "4d" -> null'],
  // Weights and braces.
  ['hot::1 dog::-2 --v 6.1', 'weights_not_positive "hot::1 dog::-2" -> null'],
  ['dog::-1 --v 6.1', 'weights_not_positive "dog::-1" -> null'],
  ['hot::.4 dog::-.5 --v 6', 'weights_not_positive "hot::.4 dog::-.5" -> null'],
  ['hot:: dog::-.5 --v 6'],
  ['hot::-1 dog --v 6', 'weights_not_positive "hot::-1" -> null'],
  [`${A}::-2 a fox --v 6`],
  ['hot ::2 dog --v 6.1', 'weight_spacing " " -> ""'],
  ['a {red, blue fox', 'braces_unbalanced "{" -> ""'],
  ['a }red{ {fox} wild', 'braces_unbalanced "}red{" -> "red"'],
  ['a {red\\, or \\} pale, {light, dark} blue} fox'],
  // Pictures.
  [`a fox ${A} ${B}`, `image_not_first "${A}" -> null`, `image_not_first "${B}" -> null`],
  ['a fox --iw 2', 'needs_image "--iw 2" -> null'],
  ['a fox --sw 200', 'needs_reference "--sw 200" -> null'],
  ['a fox --ow 200 --v 7', 'needs_reference "--ow 200" -> null'],
  [`a fox --cw 20 --oref ${A} --v 6`, 'needs_reference "--cw 20" -> null', `not_in_version " --oref ${A}" -> ""`],
  [`a fox --sref ${A} --sw 200 --oref ${A} --ow 200 --v 7`],
  [`${A} a fox --iw 2`],
  // Versions.
  [`a fox --cref ${A} --cw 5 --v 7`, `not_in_version " --cref ${A}" -> ""`, 'not_in_version " --cw 5" -> ""'],
  [`a fox --oref ${A} --v 6.1`, `not_in_version " --oref ${A}" -> ""`],
  ['a fox --weird 5 --tile --v 8.1'],
  ['a fox --weird 5'],
  ['a fox --q 4 --v 8.1', 'not_in_version " --q 4" -> ""'],
  ['a fox --draft --v 8.2', 'disputed_in_version "--draft" -> null'],
  ['a fox --p --niji 7', 'disputed_in_version "--p" -> null'],
  ['a fox --style raw --v 8.1', 'not_in_version "--style raw" -> "--raw"'],
  ['a fox --style raw --raw --v 8.1', 'not_in_version " --style raw" -> ""'],
  ['a fox --style cute --v 8.1', 'not_in_version " --style cute" -> ""'],
  ['a fox --style raw --v 7'],
  ['a fox --q .5 --v 7', 'value_unusual ".5" -> null'],
  ['a fox --ar 15:1 --v 8.1', 'value_unusual "15:1" -> null'],
  ['a fox --ar 15:1 --v 7'],
  ['hot::2 dog --v 7', 'disputed_in_version "::" -> null'],
  ['hot::2 dog --v 8.2', 'not_in_version "::" -> null'],
  ['hot::2 dog --niji 7', 'not_in_version "::" -> null'],
  ['hot::2 dog'],
  ['a fox --motion low', 'not_in_version " --motion low" -> ""'],
  ['a fox --video --motion low --bs 2 --raw --ar 1:1', 'not_in_version " --ar 1:1" -> ""'],
  ['a fox --raw --motion high --video 1 --aspect 1:1'],
  ['a fox --motion high --video 1 --chaos 5', 'not_in_version " --chaos 5" -> ""'],
  ['a fox --video --end loop --bs 3', 'value_unusual "3" -> null'],
  ['a fox --cute 5 --niji 5 --stop 50', 'unknown_parameter "--cute" -> null'],
  ['a fox --turbo --v 8.1', 'not_in_version " --turbo" -> ""'],
  ['a fox --cref cat --v 5.2', 'value_malformed "cat" -> null'],
  // Contradictions.
  ['a fox --v 7 --niji 7', 'contradiction "--niji 7" -> null'],
  ['a fox --fast --relax', 'contradiction "--relax" -> null'],
  ['a fox --relax --repeat 3', 'contradiction "--repeat 3" -> null'],
  ['a {red, blue} fox --relax', 'contradiction "--relax" -> null'],
  ['a {red\\, blue} fox --relax'],
  ['a {red, blue} fox --fast'],
  [
    `a fox --edit ${A} --oref ${B} --v 8.2`,
    `contradiction "--oref ${B}" -> null`,
    `disputed_in_version "--oref ${B}" -> null`,
  ],
  [`a fox --zoom 2 --oref ${A} --v 7`, `contradiction "--oref ${A}" -> null`],
  [`a fox --sref 5 --sw 5 --p m1234`, 'contradiction "--p m1234" -> null'],
  [`a fox --sref 5 --sw 5 --p abcd`],
  [`a fox --oref ${A} --q 4 --v 7`, 'contradiction "--q 4" -> null'],
  // Whole prompts.
  ['a red fox in the snow, soft morning light --ar 3:2'],
  [`${A} ${B} a fox --ar 16:9 --v 7 --s 250 --c 10 --w 100 --no text, frame --iw 2 --sref random --sw 50 --raw`],
  ['雾中的灯塔 🦊 --ar 2:3 --niji 7'],
];

it.each(cases)('%j', (prompt, ...found) => {
  expect(shown(prompt)).toEqual(found);
});

describe('what is known besides the text', () => {
  it('pictures that come with the prompt are pictures', () => {
    expect(shown('--ar 1:1', { images: 1 })).toEqual(['single_image "--ar 1:1" -> null']);
    expect(shown('--ar 1:1', { images: 2 })).toEqual([]);
    expect(shown(A, { images: 1 })).toEqual([]);
    expect(shown('a fox --iw 2', { images: 1 })).toEqual([]);
  });

  it('words are not wanted where something else says what to draw', () => {
    expect(shown('--ar 1:1', { needsText: false })).toEqual([]);
  });

  it("video and niji are other models than Midjourney's own", () => {
    expect(shown('it runs --motion low', { isVideo: true })).toEqual([]);
    expect(shown('a fox --stop 50 --exp 5', { botType: 'NIJI_JOURNEY' })).toEqual(['not_in_version " --exp 5" -> ""']);
  });

  it('more than 20 pictures or style references are too many', () => {
    const links = (count: number): string => Array.from({ length: count }, (_, n) => `${A}?${n}`).join(' ');
    expect(shown(`${links(20)} a fox --sref ${links(20)}`)).toEqual([]);
    expect(shown(`${links(21)} a fox --sref ${links(22)}`)).toEqual([
      `too_many_images "${A}?20" -> null`,
      `too_many_images "${A}?20 ${A}?21" -> null`,
    ]);
  });
});

it('tells the jobs where it is asked', () => {
  const jobs = (prompt: string): unknown =>
    lintPrompt(prompt, { tellsJobs: true }).map(({ rule, jobs }) => [rule, jobs]);
  expect(jobs('a {red, blue} fox --repeat 3')).toEqual([['several_jobs', 6]]);
  expect(jobs('a fox —repeat 10')).toEqual([
    ['several_jobs', 10],
    ['dash', undefined],
  ]);
  expect(jobs('a {red} fox --repeat 1')).toEqual([['value_out_of_range', undefined]]);
  expect(shown('a {red, blue} fox')).toEqual([]);
});

describe('the rules', () => {
  const rules = Object.entries(PROMPT_RULES.findings).filter(
    ([name]) => name !== 'too_many_images' && name !== 'several_jobs',
  );

  it.each(rules)('%s finds its example, with its severity', (name, { example, severity }) => {
    const found = lintPrompt(example).find(({ rule }) => rule === name);
    expect(found).toMatchObject({ rule: name, severity });
    expect(hasError(lintPrompt(example))).toBe(severity === 'error');
  });

  it('are all met by a case above', () => {
    const met = new Set(cases.flatMap(([, ...found]) => found.map((text) => text.split(' ')[0])));
    expect(rules.map(([name]) => name).filter((name) => !met.has(name))).toEqual([]);
  });
});

it('tries no more fixes of a long prompt than it has time for', () => {
  const offered = (times: number): number =>
    lintPrompt(`a fox ${'--hd '.repeat(times)}`).filter(({ fix }) => fix !== null).length;
  expect(offered(10)).toBe(9);
  expect(offered(1_600)).toBe(1);
});

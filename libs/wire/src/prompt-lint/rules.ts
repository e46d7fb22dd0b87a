import type { Severity } from './finding.js';

interface Rule {
  severity: Severity;
  meaning: string;
  example: string;
  /** Article of docs.midjourney.com, or who else says so; as of September 2026. */
  source: string;
}

const PARAMETER_LIST = 'Midjourney docs, “Parameter List”';
const PERMUTATIONS = 'Midjourney docs, “Permutations”';
const WEIGHTS = 'Midjourney docs, “Multi-Prompts & Weights”';
const IMAGE_PROMPTS = 'Midjourney docs, “Image Prompts”';
const VERSIONS = 'Midjourney docs, “Version”; Youchuan, matrix of V7 parameters and guide to V8.1';

/** Every rule of the prompt lint. What no source calls rejected is a warning. */
export const RULES = {
  text_missing: {
    severity: 'error',
    meaning: 'There is nothing to draw: no words, and no pictures.',
    example: '--ar 16:9',
    source: PARAMETER_LIST,
  },
  single_image: {
    severity: 'error',
    meaning: 'One picture without words; two or more are a blend.',
    example: 'https://images.example.com/fox.png',
    source: IMAGE_PROMPTS,
  },
  text_after_parameters: {
    severity: 'error',
    meaning:
      'Words after a parameter: parameters end the prompt. Speed flags may stand anywhere, as the gateway takes them out.',
    example: '--ar 16:9 a red fox',
    source: PARAMETER_LIST,
  },
  dash: {
    severity: 'warning',
    meaning:
      'Another dash where two hyphens belong. The em dash of phones is read as two hyphens, by Midjourney and by the gateway; others are words.',
    example: 'a red fox —ar 16:9',
    source: PARAMETER_LIST,
  },
  space_after_dashes: {
    severity: 'error',
    meaning: 'A space between the hyphens and the name of a parameter.',
    example: 'a red fox -- ar 16:9',
    source: PARAMETER_LIST,
  },
  space_before_value: {
    severity: 'error',
    meaning: 'No space between a parameter and its value.',
    example: 'a red fox --ar16:9',
    source: PARAMETER_LIST,
  },
  punctuation: {
    severity: 'error',
    meaning: 'Punctuation among the parameters; the words of `--no` may have commas.',
    example: 'a red fox --ar 16:9, --chaos 5',
    source: PARAMETER_LIST,
  },
  unknown_parameter: {
    severity: 'error',
    meaning: 'No such parameter.',
    example: 'a red fox --sparkle 5',
    source: PARAMETER_LIST,
  },
  duplicate_parameter: {
    severity: 'error',
    meaning: 'A parameter twice, under the same name or another of its names.',
    example: 'a red fox --ar 16:9 --aspect 1:1',
    source: PARAMETER_LIST,
  },
  repeated_reference: {
    severity: 'warning',
    meaning: 'Style references under several flags: one flag takes them all.',
    example: 'a red fox --sref https://images.example.com/a.png --sref https://images.example.com/b.png',
    source: 'Midjourney docs, “Style Reference”; what clients send',
  },
  value_missing: {
    severity: 'error',
    meaning: 'A parameter without the value it needs.',
    example: 'a red fox --niji',
    source: PARAMETER_LIST,
  },
  value_malformed: {
    severity: 'error',
    meaning: 'A value that is not of the kind the parameter takes.',
    example: 'a red fox --chaos lots',
    source: PARAMETER_LIST,
  },
  ratio_not_whole: {
    severity: 'error',
    meaning: 'An aspect ratio of numbers that are not whole.',
    example: 'a red fox --ar 1.85:1',
    source: 'Midjourney docs, “Aspect Ratio”',
  },
  value_out_of_range: {
    severity: 'error',
    meaning: 'A number outside the range of its parameter, or a version that does not exist.',
    example: 'a red fox --chaos 200',
    source: PARAMETER_LIST,
  },
  too_many_values: {
    severity: 'error',
    meaning: 'More values than the parameter takes.',
    example: 'a red fox --oref https://images.example.com/a.png https://images.example.com/b.png',
    source: 'Midjourney docs, “Omni Reference” and “Edit Model”',
  },
  weights_not_positive: {
    severity: 'error',
    meaning: 'The weights of a multi-prompt add up to zero or less.',
    example: 'hot::1 dog::-2 --v 6.1',
    source: WEIGHTS,
  },
  braces_unbalanced: {
    severity: 'error',
    meaning: 'A brace without its other half; braces hold the options of a permutation.',
    example: 'a {red, blue fox',
    source: PERMUTATIONS,
  },
  several_jobs: {
    severity: 'warning',
    meaning:
      'The prompt is so many jobs (`jobs`), by its options or `--repeat`: each is paid. At most 40, and none of several in relax mode. Only POST /mj/prompt/lint tells it.',
    example: 'a {red, blue} fox --repeat 2',
    source: `${PERMUTATIONS}, “Repeat”`,
  },
  value_unusual: {
    severity: 'warning',
    meaning: 'A value that only some sources, or only some versions, list; a version that is gone.',
    example: 'a red fox --stop 5 --v 6.1',
    source: VERSIONS,
  },
  not_in_version: {
    severity: 'warning',
    meaning: 'The version that the prompt names, or video, does not have this.',
    example: 'a red fox --cref https://images.example.com/a.png --v 7',
    source: VERSIONS,
  },
  disputed_in_version: {
    severity: 'warning',
    meaning: 'Sources disagree whether the version that the prompt names has this.',
    example: 'a red fox --draft --v 8.1',
    source: VERSIONS,
  },
  contradiction: {
    severity: 'warning',
    meaning: 'Two parameters that exclude each other, or options of a permutation in relax mode.',
    example: 'a red fox --v 7 --niji 7',
    source: 'Midjourney docs, the articles of the parameters; EvoLink, guide to V8.1 (drafts)',
  },
  needs_image: {
    severity: 'warning',
    meaning: 'An image weight without a picture.',
    example: 'a red fox --iw 2',
    source: IMAGE_PROMPTS,
  },
  needs_reference: {
    severity: 'warning',
    meaning:
      'The weight of a reference that is not there: `--sw` without `--sref`, `--ow` without `--oref`, `--cw` without `--cref`.',
    example: 'a red fox --sw 200',
    source: 'Midjourney docs, “Style Reference”, “Omni Reference”, “Character Reference”',
  },
  image_not_first: {
    severity: 'warning',
    meaning: 'A link behind words: pictures begin the prompt.',
    example: 'a red fox https://images.example.com/fox.png',
    source: IMAGE_PROMPTS,
  },
  too_many_images: {
    severity: 'warning',
    meaning: 'More than 20 pictures, or style references.',
    example: '21 links before the words',
    source: 'Youchuan, guide to V8.1',
  },
  undocumented_parameter: {
    severity: 'warning',
    meaning: 'A parameter of old versions, or one that only parsers know: it may do nothing.',
    example: 'a red fox --uplight',
    source: 'Midjourney docs, “Legacy Features”; parsers of the web client',
  },
  letter_case: {
    severity: 'warning',
    meaning: 'Capitals in the name of a parameter; all are documented in lower case.',
    example: 'a red fox --AR 16:9',
    source: PARAMETER_LIST,
  },
  weight_spacing: {
    severity: 'warning',
    meaning: 'A space before `::`.',
    example: 'hot :: dog --v 6.1',
    source: WEIGHTS,
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

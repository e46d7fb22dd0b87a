import { PROMPT_RULES, readPromptRules, RULE_FILES } from './prompt-rules.js';

/** The files with one change. */
function changed(change: (files: typeof RULE_FILES) => void): typeof RULE_FILES {
  const files = structuredClone(RULE_FILES);
  change(files);
  return files;
}

const set = (holder: object, name: string | number, value: unknown): void => {
  (holder as Record<string | number, unknown>)[name] = value;
};

describe('the files of prompt rules', () => {
  it('are read once, and every rule says where it is from', () => {
    const { findings, models, most, parameters, exclusions, needs, kinds } = PROMPT_RULES;
    const { lacks, has, takes, lacksModes } = kinds.youchuan;
    const rules = [...Object.values(findings), ...models, most, ...parameters, ...exclusions, ...needs];
    for (const { source, checked } of [...rules, ...Object.values(kinds), ...lacks, ...has, ...takes, ...lacksModes]) {
      expect(source).not.toBe('');
      expect(checked).toMatch(/^2026-/);
    }
  });

  it('know the version that each kind is asked for', () => {
    const defaults = Object.entries(PROMPT_RULES.kinds).map(([kind, { defaultVersion }]) => [kind, defaultVersion]);
    expect(Object.fromEntries(defaults)).toEqual({
      midjourney: '8.2',
      youchuan: '7',
      legnext: '8.2',
      apimart: '8.2',
    });
  });

  it.each<[string, (files: typeof RULE_FILES) => void]>([
    ['findings.json: dash.severity is none of error, warning', ({ findings }) => set(findings.dash, 'severity', 'bad')],
    ['findings.json: dash.checked is no date like', ({ findings }) => set(findings.dash, 'checked', 'September')],
    ['findings.json: dash.source is no text', ({ findings }) => set(findings.dash, 'source', ' ')],
    ['models.json: the file is no object', (files) => set(files, 'models', [])],
    [
      'models.json: models[0].version is no field that is known',
      ({ models }) => set(models.models[0] ?? {}, 'version', 6),
    ],
    ['models.json: models is no list', ({ models }) => set(models, 'models', null)],
    ['models.json: most.pictures is no number', ({ models }) => set(models.most, 'pictures', '20')],
    [
      'parameters.json: parameters[3].value.max is no number',
      ({ parameters }) => set(parameters.parameters[3]?.value ?? {}, 'max', null),
    ],
    [
      'parameters.json: parameters[3].value.min is more than max',
      ({ parameters }) => set(parameters.parameters[3]?.value ?? {}, 'min', 101),
    ],
    [
      'parameters.json: parameters[3].fits[0] is none of 6, 6.1,',
      ({ parameters }) => set(parameters.parameters[3]?.fits ?? [], 0, '9'),
    ],
    [
      'parameters.json: parameters[4].names has c, which is a parameter already',
      ({ parameters }) => set(parameters.parameters[4] ?? {}, 'names', ['s', 'c']),
    ],
    [
      'parameters.json: parameters[0].names[1] is no name in lower case',
      ({ parameters }) => set(parameters.parameters[0] ?? {}, 'names', ['ar', 'Aspect']),
    ],
    [
      'parameters.json: parameters[0].names is empty',
      ({ parameters }) => set(parameters.parameters[0] ?? {}, 'names', []),
    ],
    [
      'relations.json: exclusions[0].when is no regular expression',
      ({ relations }) => set(relations.exclusions[0] ?? {}, 'when', '('),
    ],
    ['relations.json: needs[0].of is none of', ({ relations }) => set(relations.needs[0] ?? {}, 'of', 'sparkle')],
    ['kinds: legnext is missing', ({ kinds }) => set(kinds, 'legnext', undefined)],
    [
      'kinds/youchuan.json: defaultVersion is none of the versions',
      ({ kinds }) => set(kinds.youchuan, 'defaultVersion', '8.2'),
    ],
    ['kinds/apimart.json: versions[1] is no version like', ({ kinds }) => set(kinds.apimart.versions, 1, 'V7')],
    [
      'kinds/youchuan.json: takes[0] says no values',
      ({ kinds }) => set(kinds.youchuan.takes[0] ?? {}, 'oneOf', undefined),
    ],
    ['kinds/legnext.json: isOpen is neither true nor false', ({ kinds }) => set(kinds.legnext, 'isOpen', 'no')],
  ])('%s', (message, change) => {
    expect(() => readPromptRules(changed(change))).toThrow(`prompt-rules/${message}`);
  });
});

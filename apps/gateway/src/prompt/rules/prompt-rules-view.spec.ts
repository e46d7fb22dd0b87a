import { lintPrompt, PROMPT_RULES } from '#libs/wire';
import type { ParameterDto } from './parameter.dto.js';
import { promptRulesDto } from './prompt-rules-view.js';

describe('the rules of prompts, for forms', () => {
  const rules = promptRulesDto();
  const named = (name: string): ParameterDto | undefined => rules.parameters.find((one) => one.name === name);

  it('has every parameter of the lint, each once', () => {
    expect(rules.parameters.map(({ name, aliases }) => [name, ...aliases])).toEqual(
      PROMPT_RULES.parameters.map(({ names }) => [...names]),
    );
  });

  it('says what a control needs', () => {
    expect(named('s')).toMatchObject({
      aliases: ['stylize'],
      value: { kind: 'number', optional: false, range: { min: 0, max: 1000, step: 1 } },
      default: 100,
      excludes: [],
    });
    expect(named('iw')).toMatchObject({
      value: { range: { min: 0, max: 3, step: 0.1 }, byModel: { 'niji 7': { min: 0, max: 2, step: 0.1 } } },
      needs: 'picture',
    });
    expect(named('q')?.value.byModel?.['7']).toEqual({ min: 1, max: 4, step: 1 / 10, oneOf: [1, 2, 4] });
    expect(named('motion')?.value).toEqual({ kind: 'word', optional: false, words: ['low', 'high'], closed: true });
    expect(named('hd')).toMatchObject({ value: { kind: 'flag' }, models: ['8', 'video'], excludes: ['sd', 'draft'] });
    expect(named('sref')).toMatchObject({ value: { kind: 'codes' }, repeatable: true });
    expect(named('turbo')).toMatchObject({ speed: true });
    expect(named('ar')).toMatchObject({ value: { kind: 'ratio' }, default: '1:1' });
  });

  it('lists the versions newest first, with one default of each bot', () => {
    expect(rules.versions.filter(({ isDefault }) => isDefault).map(({ text }) => text)).toEqual([
      '--v 8.2',
      '--niji 7',
    ]);
    expect(rules.versions[0]).toEqual({
      text: '--v 8.2',
      bot: 'MID_JOURNEY',
      version: 8.2,
      model: '8',
      isDefault: true,
    });
  });

  it('offers nothing that the lint takes for a mistake', () => {
    const prompts = [
      ...rules.versions.filter(({ model }) => model !== null).map(({ text }) => text),
      ...rules.ratios.map((ratio) => `--ar ${ratio}`),
      ...rules.parameters.flatMap(({ name, value: { range }, models, needs }) => {
        const version = rules.versions.find(({ model }) => model !== null && models.includes(model));
        if (range === undefined || version === undefined || needs !== null) return [];
        const { min, max } = version.model === null ? range : (named(name)?.value.byModel?.[version.model] ?? range);
        return [min, max].map((value) => `--${name} ${value} ${version.text}`);
      }),
    ];
    for (const prompt of prompts) {
      const findings = lintPrompt(`a red fox ${prompt}`, {});
      expect({ prompt, errors: findings.filter(({ severity }) => severity === 'error') }).toEqual({
        prompt,
        errors: [],
      });
    }
  });
});

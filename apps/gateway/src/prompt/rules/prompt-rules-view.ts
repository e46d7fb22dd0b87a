import { modelOf, PROMPT_RULES, type BotType } from '#libs/wire';
import { MAX_PROMPT_CHARS } from '../../http/request-body/required-prompt.js';
import { toParameterDto } from './parameter-view.js';
import type { PromptRulesDto, VersionDto } from './prompt-rules.dto.js';

/** What people ask for most; Midjourney takes any ratio of whole numbers. */
const USUAL_RATIOS = ['1:2', '9:16', '2:3', '3:4', '4:5', '1:1', '5:4', '4:3', '3:2', '16:9', '2:1', '21:9'];
const { defaultVersion, defaultNiji } = PROMPT_RULES.kinds.midjourney;

/** The rules that prompts are judged by, as a form needs them. They change with a release only. */
export function promptRulesDto(): PromptRulesDto {
  const { parameters, models, most } = PROMPT_RULES;
  return {
    parameters: parameters.map(toParameterDto),
    models: models.map(({ name, versions, niji, multiPrompt, mostRatio }) => ({
      name,
      versions: [...versions],
      niji: [...niji],
      multiPrompt,
      widestRatio: mostRatio ?? null,
    })),
    versions: [...versionsOf('v', 'MID_JOURNEY', defaultVersion), ...versionsOf('niji', 'NIJI_JOURNEY', defaultNiji)],
    mostPictures: most.pictures,
    mostStyleReferences: most.styleReferences,
    mostLength: MAX_PROMPT_CHARS,
    ratios: USUAL_RATIOS,
  };
}

/** Newest first. */
function versionsOf(parameter: 'v' | 'niji', bot: BotType, byDefault: string): VersionDto[] {
  const value = PROMPT_RULES.parameters.find(({ names: [name] }) => name === parameter)?.value;
  if (value?.kind !== 'version') return [];
  return [...value.listed]
    .sort((a, b) => b - a)
    .map((version) => ({
      text: `--${parameter} ${version}`,
      bot,
      version,
      model: modelOf(version, parameter === 'niji')?.name ?? null,
      isDefault: String(version) === byDefault,
    }));
}

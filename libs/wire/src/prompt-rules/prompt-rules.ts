import findingsFile from './findings.json' with { type: 'json' };
import apimartFile from './kinds/apimart.json' with { type: 'json' };
import legnextFile from './kinds/legnext.json' with { type: 'json' };
import midjourneyFile from './kinds/midjourney.json' with { type: 'json' };
import youchuanFile from './kinds/youchuan.json' with { type: 'json' };
import modelsFile from './models.json' with { type: 'json' };
import parametersFile from './parameters.json' with { type: 'json' };
import relationsFile from './relations.json' with { type: 'json' };
import { readFindingRules, type FindingRule } from './finding-rule.js';
import { readKindRules, RULE_KINDS, type KindRules, type RuleKind } from './kind-rules.js';
import { readModels, type Model, type Models } from './model.js';
import { readParameters, type Parameter } from './parameter.js';
import { readRelations, type Exclusion, type Need } from './relation.js';
import { RuleNode } from './rule-node.js';

export type RuleName = keyof typeof findingsFile;

/** Everything that is known of prompts. */
export interface PromptRules {
  findings: Readonly<Record<RuleName, FindingRule>>;
  models: readonly Model[];
  most: Models['most'];
  parameters: readonly Parameter[];
  exclusions: readonly Exclusion[];
  needs: readonly Need[];
  kinds: Readonly<Record<RuleKind, KindRules>>;
}

/** The files, as they stand in this folder. */
export const RULE_FILES = {
  findings: findingsFile,
  models: modelsFile,
  parameters: parametersFile,
  relations: relationsFile,
  kinds: { midjourney: midjourneyFile, youchuan: youchuanFile, legnext: legnextFile, apimart: apimartFile },
};

/** Reads and checks the files. @throws RuleError that names the file and the place in it */
export function readPromptRules(files: Readonly<Record<keyof typeof RULE_FILES, unknown>>): PromptRules {
  const { all: models, most } = readModels(RuleNode.of('models.json', files.models));
  const modelNames = models.map(({ name }) => name);
  const parameters = readParameters(RuleNode.of('parameters.json', files.parameters), modelNames);
  const names = parameters.map(({ names: [name] }) => name);
  const kinds = RuleNode.of('kinds', files.kinds);
  const kindRules = RULE_KINDS.map((kind) => {
    const file = kinds.at(kind).json();
    if (file === undefined) throw kinds.at(kind).error('is missing');
    return [kind, readKindRules(RuleNode.of(`kinds/${kind}.json`, file), modelNames, names)];
  });
  return {
    findings: readFindingRules(RuleNode.of('findings.json', files.findings)) as PromptRules['findings'],
    models,
    most,
    parameters,
    ...readRelations(RuleNode.of('relations.json', files.relations), names),
    kinds: Object.fromEntries(kindRules) as PromptRules['kinds'],
  };
}

/** The rules of this release, read once. */
export const PROMPT_RULES: PromptRules = readPromptRules(RULE_FILES);

const PARAMETERS_BY_NAME: ReadonlyMap<string, Parameter> = new Map(
  PROMPT_RULES.parameters.flatMap((parameter) => parameter.names.map((name) => [name, parameter] as const)),
);

/** The longest name there is, in characters. */
export const LONGEST_NAME = Math.max(...[...PARAMETERS_BY_NAME.keys()].map((name) => name.length));

/** @param name in lower case */
export function parameterNamed(name: string): Parameter | null {
  return PARAMETERS_BY_NAME.get(name) ?? null;
}

/** The model that draws a version; null for one that no table shows. */
export function modelOf(version: number, isNiji: boolean): Model | null {
  return PROMPT_RULES.models.find((model) => (isNiji ? model.niji : model.versions).includes(version)) ?? null;
}

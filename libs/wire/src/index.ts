export { parseCustomId, resolveCustomId, type CustomId, type WindowRule } from './custom-id.js';
export { gridName, gridPlaces } from './grid-name.js';
export { isStorable, scrubForeignText, storableText, withoutForeignParts } from './foreign-text.js';
export { isWithinLimits, JsonStructure, type JsonExcess, type JsonLimits, type JsonStrings } from './json-structure.js';
export { LOCAL_ERRORS, type LocalErrorName } from './local-error.js';
export { isNumbered, numberedOption } from './numbered-text.js';
export { OPEN_LINKS, PictureLinks, withoutEnding, type PictureSigner } from './picture-url.js';
export type { Finding, LintContext } from './prompt-lint/finding.js';
export { hasError, lintPrompt } from './prompt-lint/lint-prompt.js';
export { kindParameterTable, kindTable } from './prompt-lint/kind-table.js';
export { exclusionTable, parameterTable, ruleTable } from './prompt-lint/rule-table.js';
export { modelOf, PROMPT_RULES, type PromptRules, type RuleName } from './prompt-rules/prompt-rules.js';
export type { Parameter } from './prompt-rules/parameter.js';
export type { NumberKind, Usual, ValueKind } from './prompt-rules/value-kind.js';
export { RULE_KINDS, type RuleKind } from './prompt-rules/kind-rules.js';
export { jobsOf, MOST_JOBS, type PromptJobs } from './prompt-jobs.js';
export { aspectOf, mayDrawMany } from './prompt-grid.js';
export { asksForVideo, promptToSend, speedOf } from './prompt-flags.js';
export { SUBMIT_CODE, SUBMIT_DESCRIPTION, type SubmitCode } from './submit-code.js';
export { newTaskId, parseTaskId } from './task-id.js';
export { isForward, isTerminal, TASK_STATUSES, type TaskStatus, type TerminalStatus } from './task-status.js';
export type { ButtonView, TaskView } from './task-view.js';
export {
  BOT_TYPES,
  FAIL_CODES,
  isRetryable,
  MOST_RETRIES,
  parseBotType,
  parseMode,
  PROMPT_EXPANSIONS,
  TASK_ACTIONS,
  TASK_MODES,
  type BotType,
  type FailCode,
  type PromptExpansion,
  type TaskAction,
  type TaskMode,
} from './vocabulary.js';
export { defaultVersionOf } from './prompt-judge/choose-version.js';
export { judgePrompt, type JudgeOptions, type PromptVerdict } from './prompt-judge/judge-prompt.js';
export { parametersOf, type PromptParameter, type PromptParts } from './prompt-judge/prompt-parameters.js';
export { versionText, withVersion, type PromptVersion } from './prompt-judge/prompt-version.js';

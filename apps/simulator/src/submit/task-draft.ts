import { type Body, RuleError } from './body.js';
import { newJobId, newNonce, newTaskId } from '../tasks/task-id.js';
import { type TaskFaults, type TaskRecord, type TaskWindow } from '../tasks/task-record.js';
import { type Faults, numberOf } from '../wire/faults.js';
import { echoPrompt } from '../wire/prompt.js';
import { type Action, type BotType, botTypeOf, type Mode, modeOf } from '../wire/vocabulary.js';
import { type Outcome } from './derive.js';

/** What every submit may carry. */
export interface Common {
  readonly state: string | null;
  readonly notifyHook: string | null;
  readonly requestMode: Mode | null;
  readonly botType: BotType;
}

/** What is known of the request around a submit's body. */
export interface SubmitContext {
  /** The mode that the path's prefix asks for. */
  readonly prefix: Mode | null;
  readonly faults: Faults;
  readonly now: number;
}

/** Faults of any dialect, by name. */
export type OrderedFaults = ReadonlyMap<string, string>;

/** What makes one task different from another. */
export interface Draft {
  readonly action: Action;
  readonly parent: TaskRecord | null;
  readonly prompt: string | null;
  readonly promptEn: string | null;
  /** Replaces the echo of the prompt: the answer of describe and shorten. */
  readonly answer?: string;
  readonly description: string | null;
  readonly customId: string | null;
  readonly outcome: Outcome;
  readonly options?: readonly string[];
  readonly seed: number;
  readonly version: number;
  readonly window?: TaskWindow;
}

/** How long each action runs, in parts of the simulator's run time. */
const RUN_PARTS: Record<Action, number> = {
  IMAGINE: 1,
  BLEND: 1,
  VARIATION: 1,
  REROLL: 1,
  ZOOM: 1,
  PAN: 1,
  EDIT: 1,
  RETEXTURE: 1,
  VIDEO: 1.5,
  UPSCALE_HD: 0.6,
  SWAP_FACE: 0.5,
  DESCRIBE: 0.35,
  UPSCALE: 0.3,
  SHORTEN: 0.25,
};
const STATE_LENGTH = 255;
const HOOK_LENGTH = 2_000;
const SLOW_MS = 60_000;
const FAILED = '[Job failed] The simulator was asked to let this task fail.';

/**
 * Reads what every submit may carry. The mode: path, body, account filter, then the prompt's flag.
 * @throws RuleError when state or hook are too long.
 */
export function readCommon(body: Body, context: SubmitContext, flagged: Mode | null): Common {
  const state = body.text('state');
  if (state !== null && state.length > STATE_LENGTH) throw new RuleError('State参数过长，最大255字符');
  const hook = body.trimmed('notifyHook');
  if (hook.length > HOOK_LENGTH) throw new RuleError('NotifyHook参数过长，最大2000字符');
  return {
    state,
    notifyHook: hook === '' ? null : hook,
    requestMode:
      context.prefix ??
      modeOf(body.text('mode')) ??
      modeOf(body.inner('accountFilter').texts('modes')[0] ?? null) ??
      flagged,
    botType: botTypeOf(body.text('botType')),
  };
}

/** A task that has not begun. */
export function newTask(
  draft: Draft,
  common: Common,
  context: SubmitContext,
  runMs: number,
  taken: (id: string) => boolean,
): TaskRecord {
  const mode = common.requestMode ?? draft.parent?.mode ?? 'FAST';
  const niji = common.botType === 'NIJI_JOURNEY';
  return {
    id: newTaskId(context.now, taken),
    parentId: draft.parent?.id ?? null,
    action: draft.action,
    botType: common.botType,
    requestMode: common.requestMode,
    mode,
    prompt: draft.prompt,
    promptEn: draft.promptEn,
    finalPrompt:
      draft.answer ?? (draft.promptEn === null || draft.promptEn === '' ? '' : echoPrompt(draft.promptEn, mode, niji)),
    description: draft.description,
    state: common.state,
    notifyHook: common.notifyHook,
    customId: draft.customId,
    submitTime: context.now,
    startTime: null,
    runMs: runTime(draft.action, context.faults, runMs),
    cancelledAt: null,
    window: draft.window ?? null,
    jobId: newJobId(),
    nonce: newNonce(),
    seed: draft.seed,
    version: draft.version,
    shows: draft.outcome.shows,
    artwork: draft.outcome.artwork,
    options: draft.options ?? [],
    faults: taskFaults(context.faults),
  };
}

/** How long a task runs, ms. */
export const runTime = (action: Action, faults: OrderedFaults, runMs: number): number =>
  faults.has('slow') ? numberOf(faults, 'slow', SLOW_MS) : Math.round(runMs * RUN_PARTS[action]);

/** The part of the ordered faults that stays with the task. */
export function taskFaults(faults: OrderedFaults): TaskFaults {
  return {
    ...(faults.has('fail') ? { fail: (faults.get('fail') ?? '') || FAILED } : {}),
    ...(faults.has('stall') ? { stall: true as const } : {}),
    ...(faults.has('forget') ? { forget: true as const } : {}),
    ...(faults.has('no-picture') ? { noPicture: true as const } : {}),
    ...(faults.has('dead-picture') ? { deadPicture: true as const } : {}),
    ...(faults.has('core-only') ? { coreOnly: true as const } : {}),
  };
}

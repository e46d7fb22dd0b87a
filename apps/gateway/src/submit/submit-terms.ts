import type { ApiKey } from '#libs/access';
import type { HookUrls } from '#libs/hooks';
import type { AccountFilter } from '#libs/upstream';
import { parseMode, speedOf, type TaskMode } from '#libs/wire';
import { MjError } from '../http/errors/mj-error.js';
import type { SubmitBaseDto } from './dto/submit-base.dto.js';

const MAX_STATE_CHARS = 4_096;

/** A mode, and whether the client chose it: a default may be mapped by the upstream's account. */
export interface ChosenMode {
  mode: TaskMode;
  isChosen: boolean;
}

export interface ModeSources {
  body: SubmitBaseDto;
  /** Of the path. */
  prefix: TaskMode | null;
  prompt: string;
  /** A follow-up takes its parent's, unless it names one. */
  parent: TaskMode | null;
  key: ApiKey;
  fallback: TaskMode;
}

/**
 * The mode of a submit; the first that is set wins: body, path prefix, accountFilter, prompt flag, parent, key, default.
 * @throws MjError `mode_is_invalid`
 */
export function chooseMode({ body, prefix, prompt, parent, key, fallback }: ModeSources): ChosenMode {
  const named = [body.mode, prefix ?? undefined, body.accountFilter?.modes?.[0]].find((mode) => mode !== undefined);
  if (named !== undefined) {
    const mode = parseMode(named);
    if (mode === null) throw new MjError('mode_is_invalid', { properties: { field: 'mode' } });
    return { mode, isChosen: true };
  }
  const chosen = speedOf(prompt) ?? parent ?? key.defaultMode;
  return { mode: chosen ?? fallback, isChosen: chosen !== null };
}

/** The account filter of a submit without its empty fields; null when no field is set. */
export function readAccountFilter({ accountFilter }: SubmitBaseDto): AccountFilter | null {
  const named = Object.entries(accountFilter ?? {}).filter(([, value]) => value !== null && value !== '');
  return named.length === 0 ? null : Object.fromEntries(named);
}

/** @throws MjError `state_is_too_long` */
export function readState({ state = '' }: SubmitBaseDto): string {
  if (state.length > MAX_STATE_CHARS) throw new MjError('state_is_too_long', { properties: { field: 'state' } });
  return state;
}

/**
 * The hook of a task: the body's, where a blank one means none, else the key's.
 * @throws MjError `notify_hook_is_invalid` when it can be seen that it may not be called
 */
export function readHook({ notifyHook }: SubmitBaseDto, key: ApiKey, urls: HookUrls): string | null {
  if (notifyHook === undefined) return key.notifyHook;
  const read = urls.read(notifyHook);
  if (read.kind === 'refused') throw new MjError('notify_hook_is_invalid', { properties: { field: 'notifyHook' } });
  return read.kind === 'none' ? null : read.url;
}

import type { ApiKey } from '#libs/access';
import { hasError, lintPrompt, type Finding, type LintContext } from '#libs/wire';
import { MjError } from '../../http/errors/mj-error.js';
import type { Reply } from '../submit-reply.js';

/** A prompt that came with a submit. */
export interface TypedPrompt {
  /** As it was sent, so that places in it are the client's. */
  text: string;
  /** What is known of it besides; null where it is no prompt of Midjourney's, e.g. a text to be shortened. */
  lint: LintContext | null;
}

const MOST_SHOWN = 20;

/** What the lint says of a prompt; nothing where the key has it off. */
export function findingsOn({ promptLint }: Pick<ApiKey, 'promptLint'>, typed: TypedPrompt | undefined): Finding[] {
  if (promptLint === 'off' || typed === undefined || typed.lint === null) return [];
  return lintPrompt(typed.text, typed.lint);
}

/** @throws MjError `prompt_is_invalid` with the first 20 findings, errors first, where the key is strict */
export function refuseInvalid({ promptLint }: Pick<ApiKey, 'promptLint'>, findings: readonly Finding[]): void {
  if (promptLint !== 'strict' || !hasError(findings)) return;
  const weight = ({ severity }: Finding): number => (severity === 'error' ? 0 : 1);
  const shown = [...findings].sort((a, b) => weight(a) - weight(b)).slice(0, MOST_SHOWN);
  throw new MjError('prompt_is_invalid', { properties: { findings: shown } });
}

/** The answer to accepted work with the first 20 findings as `properties.warnings`; as it is where there are none. */
export function withWarnings(reply: Reply, findings: readonly Finding[]): Reply {
  const { body } = reply;
  if (findings.length === 0 || body.result === null) return reply;
  return {
    ...reply,
    body: { ...body, properties: { ...body.properties, warnings: findings.slice(0, MOST_SHOWN) } },
  };
}

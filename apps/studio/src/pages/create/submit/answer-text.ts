import type { Failure } from '../../../api/failure.ts';
import { failureText } from '../../../components/failure-text.ts';
import { strings } from '../strings.ts';
import type { Outcome } from './submit-outcome.ts';

/** Names of errors that the gateway gives by status and not by a text of the contract. */
function nameOf({ status, name }: Failure): string {
  if (status === 422) return 'idempotency_key_reused';
  if (status === 429) return 'too_many_tasks';
  return name;
}

/** Why a request was refused, in the reader's language. */
export function refusalText(failure: Failure): string {
  const errors: Readonly<Record<string, string>> = strings.value.errors;
  return errors[nameOf(failure)] ?? failureText(failure);
}

/** Where on the page a refusal belongs; null: to the button. */
export function placeOf({ name, errors }: Failure): 'prompt' | 'state' | 'notifyHook' | null {
  if (name.startsWith('prompt_')) return 'prompt';
  const field = errors[0]?.field;
  if (name === 'state_is_too_long' || field === 'state') return 'state';
  if (name === 'notify_hook_is_invalid' || field === 'notifyHook') return 'notifyHook';
  return field === 'prompt' ? 'prompt' : null;
}

/** What became of a submit, in a sentence. */
export function outcomeText(outcome: Outcome): string {
  const texts = strings.value.outcome;
  switch (outcome.kind) {
    case 'accepted':
      return outcome.ahead > 0 ? texts.ahead(outcome.ahead) : texts.sent(outcome.ids.length);
    case 'banned':
      return outcome.word === '' ? texts.bannedUnnamed : texts.banned(outcome.word);
    case 'queue-full':
      return texts.queueFull;
    case 'no-upstream':
      return texts.noUpstream;
    case 'declined':
      return `${texts.declined} ${outcome.words}`;
    case 'lost':
      return texts.lost;
    case 'failed':
      return refusalText(outcome.failure);
  }
}

import { asFailure, type Failure } from '../../../api/failure.ts';
import { failureText } from '../../../components/failure-text.ts';

/** Why a form was refused: what is wrong at each field, and what belongs to none of them. */
export interface Refusal {
  byField: Record<string, string>;
  /** A sentence; null: every mistake stands at a field. */
  rest: string | null;
}

export const NOT_REFUSED: Refusal = { byField: {}, rest: null };

/** Sorts what the gateway refused by field. @param fields those that the form shows; `timeouts.pollMs` counts as `pollMs` */
export function refusalOf(error: unknown, fields: readonly string[]): Refusal {
  const failure = asFailure(error);
  const byField: Record<string, string> = {};
  const others: Failure['errors'] = [];
  for (const mistake of failure.errors) {
    const name = fields.find((field) => new RegExp(`(?:^|\\.)${field}(?:$|[.[])`).test(mistake.field));
    if (name === undefined) others.push(mistake);
    else byField[name] = [byField[name], mistake.message].filter(Boolean).join(' ');
  }
  const isPlaced = failure.errors.length > 0 && others.length === 0;
  return { byField, rest: isPlaced ? null : failureText({ ...failure, errors: others }) };
}

import { FAILURES_QUESTIONS } from './failures.questions.js';
import { HISTORY_QUESTIONS } from './history.questions.js';
import { HOOKS_QUESTIONS } from './hooks.questions.js';
import { MONEY_QUESTIONS } from './money.questions.js';
import { NOW_QUESTIONS } from './now.questions.js';
import { SCHEMA_QUESTIONS } from './schema.questions.js';
import { TASKS_QUESTIONS } from './tasks.questions.js';
import { UPSTREAMS_QUESTIONS } from './upstreams.questions.js';
import { FROM_DAY, TO, BUCKET, KEY, UPSTREAM, TASK } from './parameters.js';
import type { Question, QuestionParameter } from './question.js';

/** Every question, by group. */
export const QUESTIONS: readonly Question[] = [
  ...NOW_QUESTIONS,
  ...HISTORY_QUESTIONS,
  ...MONEY_QUESTIONS,
  ...FAILURES_QUESTIONS,
  ...TASKS_QUESTIONS,
  ...UPSTREAMS_QUESTIONS,
  ...HOOKS_QUESTIONS,
  ...SCHEMA_QUESTIONS,
];

const BY_NAME = new Map(QUESTIONS.map((question) => [question.name, question]));

/** Null where there is none of this name. */
export function questionOf(name: string): Question | null {
  return BY_NAME.get(name) ?? null;
}

/**
 * What parameters mean in a query that is nobody's question: their usual meaning, so that the SQL of any question runs there as
 * it stands.
 */
export const USUAL_PARAMETERS: readonly QuestionParameter[] = [
  ...new Map(
    [FROM_DAY, TO, BUCKET, KEY, UPSTREAM, TASK, ...QUESTIONS.flatMap(({ parameters }) => parameters)]
      .reverse()
      .map((parameter) => [parameter.name, parameter]),
  ).values(),
];

/** A text in the languages of Studio. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** What a parameter's value is: `time` is ISO 8601 or ms, `key` and `upstream` are names, `task` is an id. */
export const PARAMETER_TYPES = ['time', 'text', 'number', 'key', 'upstream', 'interval', 'task'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

export interface QuestionParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** SQL that stands for it where it is not given; it may name other parameters of the question. */
  readonly default: string;
}

/** How the answer can be drawn: `time` has times along x, `bars` names. */
export interface QuestionChart {
  readonly kind: 'time' | 'bars';
  readonly x: string;
  readonly series: readonly string[];
}

export const QUESTION_GROUPS = [
  'now',
  'history',
  'money',
  'failures',
  'tasks',
  'upstreams',
  'hooks',
  'schema',
] as const;
export type QuestionGroup = (typeof QUESTION_GROUPS)[number];

/** A question about schema `report`, in words and in SQL with `:parameters`. */
export interface Question {
  /** Its name in routes and links; it stays. */
  readonly name: string;
  readonly group: QuestionGroup;
  readonly title: Words;
  readonly description: Words;
  readonly sql: string;
  readonly parameters: readonly QuestionParameter[];
  readonly chart: QuestionChart | null;
}

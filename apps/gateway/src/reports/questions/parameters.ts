import type { QuestionParameter } from './question.js';

const ago = (span: string): QuestionParameter => ({
  name: 'from',
  type: 'time',
  default: `now() - interval '${span}'`,
});

/** Where a span of time begins, by how long ago that usually is. */
export const FROM_DAY = ago('24 hours');
export const FROM_WEEK = ago('7 days');
export const FROM_MONTH = ago('30 days');
/** Where it ends. */
export const TO: QuestionParameter = { name: 'to', type: 'time', default: 'now()' };
/** Width of the spans that time is cut into; by itself it follows from the whole. */
export const BUCKET: QuestionParameter = { name: 'bucket', type: 'interval', default: 'report.bucket_for(:from, :to)' };
/** Name of a key; null: all. */
export const KEY: QuestionParameter = { name: 'key', type: 'key', default: 'null' };
/** Name of an upstream; null: all. */
export const UPSTREAM: QuestionParameter = { name: 'upstream', type: 'upstream', default: 'null' };
/** Id of a task. */
export const TASK: QuestionParameter = { name: 'task', type: 'task', default: '6233940767280507' };

/** A text that rows must have; null: any. */
export function wanted(name: string): QuestionParameter {
  return { name, type: 'text', default: 'null' };
}

/** A number with the value that it usually has. */
export function count(name: string, usual: number): QuestionParameter {
  return { name, type: 'number', default: String(usual) };
}

/** The span of time that a row belongs to, as SQL. */
export const SPAN = "date_bin(:bucket, submitted_at, timestamptz '2001-01-01 00:00Z')";
/** Tasks that were submitted in the time, as SQL. */
export const IN_TIME = 'submitted_at >= :from and submitted_at < :to';

import { computed, signal } from '@preact/signals';
import { asFailure, type Failure } from '../../api/failure.ts';
import { runQuestion, runSql, type Parameters, type Question, type SqlResult } from '../../api/questions.ts';
import { readPreference, writePreference } from '../../app/stored-preference.ts';
import { parametersOf, type ShownParameter } from './parameters/parameter-names.ts';
import { sentValues } from './parameters/time-values.ts';
import type { QueryAddress } from './query-address.ts';
import { noteRun } from './queries/run-history.ts';

/** What is run: the query itself, or its plan. */
export type RunKind = 'rows' | 'plan';

/** An answer, and what it answers. */
export interface Answer {
  kind: RunKind;
  result: SqlResult;
  question: Question | null;
}

export type RunState =
  | { kind: 'idle' }
  | { kind: 'running'; of: RunKind }
  | { kind: 'answered' }
  | { kind: 'cancelled' }
  | { kind: 'failed'; failure: Failure };

const DRAFT = 'journeyman.sql.draft';

/** The query in the editor, the values of its parameters, and its runs: one at a time, which ends when it is left. */
export class Workbench {
  readonly text = signal('');
  /** Counts the queries that were shown: typing does not change it. */
  readonly edition = signal(0);
  readonly values = signal<Parameters>({});
  /** The question of the catalogue that the text is, word for word; null: SQL of the reader's own. */
  readonly question = signal<Question | null>(null);
  /** Id of the saved query that is open. */
  readonly own = signal<string | null>(null);
  /** True: the SQL came with the address, and nobody here has run it. */
  readonly isFromLink = signal(false);
  readonly run = signal<RunState>({ kind: 'idle' });
  /** The last answer; it stays while the next one is on its way. */
  readonly answer = signal<Answer | null>(null);
  readonly questions = signal<readonly Question[]>([]);
  /** The parameters that the query has. */
  readonly parameters = computed<readonly ShownParameter[]>(
    () => this.question.value?.parameters ?? parametersOf(this.text.value, this.questions.value),
  );
  private underWay: AbortController | null = null;

  /** What the address of the page has to name. */
  address(): QueryAddress {
    const shown = new Set(this.parameters.value.map(({ name }) => name));
    const parameters = Object.fromEntries(Object.entries(this.values.value).filter(([name]) => shown.has(name)));
    const question = this.question.value?.name ?? null;
    return {
      question,
      sql: question === null && this.text.value.trim() !== '' ? this.text.value : null,
      own: this.own.value,
      parameters,
    };
  }

  /** Shows a question of the catalogue. */
  showQuestion(question: Question, values: Parameters): void {
    this.leave();
    this.text.value = question.sql;
    this.edition.value += 1;
    this.question.value = question;
    this.own.value = null;
    this.values.value = values;
    this.isFromLink.value = false;
  }

  /** Shows SQL, and runs nothing. */
  showSql(
    sql: string,
    values: Parameters,
    { own = null, isFromLink = false }: { own?: string | null; isFromLink?: boolean },
  ): void {
    this.leave();
    this.text.value = sql;
    this.edition.value += 1;
    this.question.value = null;
    this.own.value = own;
    this.values.value = values;
    this.isFromLink.value = isFromLink;
  }

  /** Takes what is typed. Text that is the question's again is the question again. */
  edit(text: string): void {
    if (text === this.text.value) return;
    this.text.value = text;
    this.question.value = this.questions.value.find(({ sql }) => sql === text) ?? null;
    if (this.run.value.kind === 'failed') this.run.value = { kind: 'idle' };
    this.keepDraft();
  }

  /** Has the browser keep SQL of the reader's own, for a page that is opened without any. */
  keepDraft(): void {
    const text = this.text.value;
    if (this.question.value === null) writePreference(DRAFT, text.trim() === '' ? null : text);
  }

  /** What was typed last and not run from a link; '' where there is none. */
  static draft(): string {
    return readPreference(DRAFT) ?? '';
  }

  setValue(name: string, value: string | null): void {
    this.values.value = { ...this.values.value, [name]: value };
  }

  /** Runs the query, or has its plan told. What is under way is cancelled first. */
  async start(kind: RunKind): Promise<void> {
    const sql = this.text.value;
    if (sql.trim() === '') return;
    this.cancel();
    const stop = new AbortController();
    this.underWay = stop;
    const question = this.question.value;
    const given = this.values.value;
    const values = sentValues(this.parameters.value, given, Date.now());
    const began = performance.now();
    const note = (rows: number | null, ms: number): void => {
      const run = { at: new Date().toISOString(), question: question?.name ?? null, sql, parameters: given, rows, ms };
      if (kind === 'rows') noteRun(run);
    };
    this.isFromLink.value = false;
    this.run.value = { kind: 'running', of: kind };
    try {
      const result =
        question !== null && kind === 'rows'
          ? await runQuestion(question.name, values, stop.signal)
          : await runSql(sql, { parameters: values, explain: kind === 'plan', signal: stop.signal });
      if (stop.signal.aborted) return;
      this.answer.value = { kind, result, question };
      this.run.value = { kind: 'answered' };
      note(result.rowCount, result.ms);
    } catch (error) {
      if (stop.signal.aborted) return;
      this.run.value = { kind: 'failed', failure: asFailure(error) };
      note(null, Math.round(performance.now() - began));
    } finally {
      if (this.underWay === stop) this.underWay = null;
    }
  }

  /** Ends the run that is under way: the connection closes, and the gateway cancels the query in Postgres. */
  cancel(): void {
    if (this.underWay === null) return;
    this.underWay.abort();
    this.underWay = null;
    this.run.value = { kind: 'cancelled' };
  }

  private leave(): void {
    this.cancel();
    this.run.value = { kind: 'idle' };
    this.answer.value = null;
  }
}

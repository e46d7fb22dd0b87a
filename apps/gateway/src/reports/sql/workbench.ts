import { Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { SingleFlight } from '#libs/runtime';
import { USUAL_PARAMETERS } from '../questions/catalogue.js';
import type { Question } from '../questions/question.js';
import { REPORTER } from '../reporter-role.js';
import { bindSql, type BoundSql, type GivenValues } from './bound-sql.js';
import { OFFSETS, readPlan, readRows, type SqlRows } from './portal.js';
import { faultOf } from './sql-fault.js';
import { FREE_SQL_PERMITS, QUESTION_PERMITS } from './sql-limits.js';
import { SqlLogin, SqlLoginError } from './sql-login.js';
import { SqlRunner, type RunnerConnections } from './sql-runner.js';

/** Who asks: whose turn it is, and until when. */
export interface SqlCaller {
  session: string;
  /** Aborted when they have left. */
  signal: AbortSignal;
}

/** An answer, with what was asked. */
export interface SqlResult extends SqlRows {
  rowCount: number;
  ms: number;
  /** What was run, with the values written in. */
  sql: string;
}

/** A view or function of schema `report`, as its dictionary has it. */
export interface ReportView {
  name: string;
  comment: string;
  columns: { name: string; type: string; comment: string }[];
}

/** Settings of the workbench. */
export class WorkbenchOptions {
  /** `postgres://…` of the gateway itself: questions run by it. */
  readonly databaseUrl: string = '';
  /** False: there is no free SQL. */
  readonly hasFreeSql: boolean = true;
}

/** Questions are text of this repository: the role only keeps their author from reading what readers may not. */
const AS_REPORTER = `
  do $role$ begin set local role ${REPORTER}; exception when others then null; end $role$`;
const DICTIONARY = `
  select view_name, view_comment, column_name, data_type, column_comment
  from report.data_dictionary order by view_name, position`;

/** Answers questions about schema `report`: those of the catalogue, and free SQL. */
@Injectable()
export class Workbench implements OnModuleDestroy, OnApplicationShutdown {
  private readonly questions: SqlRunner;
  private readonly opening = new SingleFlight<SqlRunner>();
  private free: SqlRunner | null = null;
  private isClosed = false;

  constructor(
    private readonly options: WorkbenchOptions,
    private readonly login: SqlLogin,
  ) {
    this.questions = new SqlRunner({ url: options.databaseUrl, name: 'questions', permits: QUESTION_PERMITS });
  }

  /** False: free SQL was taken out, and there are questions only. */
  get hasFreeSql(): boolean {
    return this.options.hasFreeSql;
  }

  /** Connections open now, by what they are for. */
  get connections(): Readonly<Record<'questions' | 'sql', RunnerConnections>> {
    return { questions: this.questions.connections, sql: this.free?.connections ?? { busy: 0, idle: 0, waiting: 0 } };
  }

  /** @throws SqlFault, SqlBusyError, the driver's error */
  ask(question: Question, given: GivenValues, caller: SqlCaller): Promise<SqlResult> {
    return this.answer(
      question.sql,
      () => bindSql(question.sql, question.parameters, given),
      false,
      (read) => this.questions.run(caller.session, caller.signal, AS_REPORTER, read),
    );
  }

  /**
   * Runs a query of the reader's own, or shows its plan.
   * @throws SqlFault, SqlBusyError, SqlLoginError where there is no login for it, the driver's error
   */
  async run(sql: string, given: GivenValues, isPlan: boolean, caller: SqlCaller): Promise<SqlResult> {
    const runner = await this.freeRunner();
    try {
      return await this.answer(
        sql,
        () => bindSql(sql, USUAL_PARAMETERS, given),
        isPlan,
        (read) => runner.run(caller.session, caller.signal, '', read),
      );
    } catch (error) {
      if (isRefusedLogin(error)) {
        await this.forget(runner);
        throw new SqlLoginError('the login for free SQL was changed just now; try again');
      }
      throw error;
    }
  }

  /** Every view of the schema. @throws SqlBusyError, the driver's error */
  async dictionary(caller: SqlCaller): Promise<ReportView[]> {
    const { rows } = await this.questions.run(caller.session, caller.signal, AS_REPORTER, (client) =>
      readRows(client, DICTIONARY, []),
    );
    const views = new Map<string, ReportView>();
    for (const [view, about, name, type, comment] of rows.map((row) => row.map((cell) => String(cell ?? '')))) {
      const known = views.get(view ?? '') ?? { name: view ?? '', comment: about ?? '', columns: [] };
      known.columns.push({ name: name ?? '', type: type ?? '', comment: comment ?? '' });
      views.set(known.name, known);
    }
    return [...views.values()];
  }

  /** Queries under way are cancelled: the answers of requests are waited for, and these may take long. */
  onModuleDestroy(): void {
    this.isClosed = true;
    this.questions.stop();
    this.free?.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.questions.close(), this.free?.close()]);
  }

  private async answer(
    source: string,
    bind: () => BoundSql,
    isPlan: boolean,
    run: (read: Parameters<SqlRunner['run']>[3]) => Promise<SqlRows>,
  ): Promise<SqlResult> {
    const began = performance.now();
    const offset = isPlan ? OFFSETS.plan : OFFSETS.rows;
    let bound: BoundSql | null = null;
    try {
      bound = bind();
      const { text, values, readable } = bound;
      const found = await run((client) => (isPlan ? readPlan : readRows)(client, text, values));
      return {
        ...found,
        rowCount: found.rows.length,
        ms: Math.round(performance.now() - began),
        sql: readable,
      };
    } catch (error) {
      const sourceOf = bound?.sourceOf.bind(bound) ?? ((position: number) => Math.min(position, source.length));
      throw faultOf(error, sourceOf, offset) ?? error;
    }
  }

  private freeRunner(): Promise<SqlRunner> {
    if (this.free !== null) return Promise.resolve(this.free);
    return this.opening.run('', async () => {
      const url = await this.login.url();
      if (this.isClosed) throw new SqlLoginError('the gateway is going down');
      this.free = new SqlRunner({ url, name: 'sql', permits: FREE_SQL_PERMITS });
      return this.free;
    });
  }

  /** The next query finds out anew what its login is. */
  private async forget(runner: SqlRunner): Promise<void> {
    if (this.free !== runner) return;
    this.free = null;
    await runner.close();
  }
}

function isRefusedLogin(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && /^28/.test(String(error.code));
}

import { BeforeApplicationShutdown, Injectable, Logger, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { tryJobLock } from '#libs/database';
import { END_LONG_REPORTS, MAY_END_REPORTS, type EndedSession } from './report-sessions.js';
import { REPORTER, SECURE_REPORTS } from './reporter-role.js';

/** A refresh reads every task: seconds at a million, minutes at tens of millions. */
const REFRESH_TIMEOUT = '30min';

const ROLE_STATE = `
  select to_regrole('${REPORTER}') is not null as made,
    coalesce(has_schema_privilege(to_regrole('${REPORTER}')::oid, 'report', 'usage'), false) as reads,
    coalesce(has_database_privilege(to_regrole('${REPORTER}')::oid, current_database(), 'temporary'), false) as makes_tables`;

/** What became of a refresh; `busy`: another replica is at it. */
export type RefreshResult = 'refreshed' | 'busy' | 'stopped';

/** Settings of reports. */
export class ReportOptions {
  /** False: another process refreshes. */
  readonly runsWork: boolean = true;
  /** Longest transaction of a login for reports, ms; 0: no limit. */
  readonly timeoutMs: number = 0;
}

/** Keeps schema `report` readable and its stored view fresh. Nothing of it can stop the gateway: failures are logged. */
@Injectable()
export class ReportKeeper implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly log = new Logger(ReportKeeper.name);
  private running: Promise<void> = Promise.resolve();
  private backend: number | null = null;
  private isStopping = false;
  private mayEnd = true;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly options: ReportOptions,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.secure().catch((error: unknown) => this.log.warn(`${REPORTER}: ${wordsOf(error)}`));
    await this.askWhetherMayEnd().catch((error: unknown) => this.log.debug(wordsOf(error)));
  }

  /** Logs once where this database user may not end sessions: then only the logins' own settings limit them. */
  private async askWhetherMayEnd(): Promise<void> {
    const [answer] = await this.source.query<{ may: boolean }[]>(MAY_END_REPORTS);
    this.mayEnd = answer?.may === true;
    if (this.mayEnd || this.options.timeoutMs === 0) return;
    this.log.log(
      'sessions for reports that take too long cannot be ended: that wants "grant pg_signal_backend, pg_read_all_stats" to this database user',
    );
  }

  /** Refreshes, where this process does such work. Never throws. */
  async tick(): Promise<void> {
    if (!this.options.runsWork || this.isStopping) return;
    this.running = this.refresh().then(
      () => undefined,
      (error: unknown) => this.log.warn(`report.task_daily_rollup was not refreshed: ${wordsOf(error)}`),
    );
    await this.running;
  }

  /**
   * Makes the role and its grants where that is missing and allowed (a database restored or copied from another has lost
   * some), and says what is still missing.
   */
  async secure(): Promise<void> {
    await this.source.query(SECURE_REPORTS);
    const [state] = await this.source.query<{ made: boolean; reads: boolean; makes_tables: boolean }[]>(ROLE_STATE);
    if (state?.made !== true) {
      this.log.warn(
        `role ${REPORTER} does not exist, and this database user may not make it: have a superuser run "create role ${REPORTER} nologin", then restart`,
      );
    } else if (!state.reads) {
      this.log.warn(`role ${REPORTER} cannot read schema report: only the owner of that schema can grant it`);
    } else if (state.makes_tables) {
      this.log.log(
        `role ${REPORTER} may make temporary tables: other roles use this database, so PUBLIC keeps that right`,
      );
    }
  }

  /** Brings report.task_daily_rollup up to date, readable all the while. @throws the driver's error */
  async refresh(): Promise<RefreshResult> {
    const runner = this.source.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query(`set local statement_timeout = '${REFRESH_TIMEOUT}'; set local jit = off`);
      // One replica at a time refreshes.
      const [turn] = (await runner.query(
        `select turn.mine, pg_backend_pid() as backend from (${tryJobLock('reports_refresh')}) turn`,
      )) as { mine: boolean; backend: number }[];
      if (turn?.mine !== true) return 'busy';
      this.backend = turn.backend;
      if (this.isStopping) return 'stopped';
      await runner.query('refresh materialized view concurrently report.task_daily_rollup');
      await runner.commitTransaction();
      return 'refreshed';
    } catch (error) {
      if (this.isStopping) return 'stopped';
      throw error;
    } finally {
      this.backend = null;
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  }

  /** Ends sessions of logins for reports whose transaction takes longer than it may. Never throws. */
  async endLong(): Promise<void> {
    const { runsWork, timeoutMs } = this.options;
    if (!runsWork || timeoutMs === 0 || !this.mayEnd) return;
    try {
      for (const session of await this.source.query<EndedSession[]>(END_LONG_REPORTS, [timeoutMs])) {
        const { user, seconds } = session;
        this.log.warn({
          message: `a session of ${user} was ended: its transaction was open for ${seconds} s`,
          ...session,
        });
      }
    } catch (error) {
      this.log.debug(`sessions for reports could not be looked at: ${wordsOf(error)}`);
    }
  }

  /** Cancels a refresh under way: the next start does it anew. */
  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    if (this.backend === null) return;
    await this.source.query('select pg_cancel_backend($1)', [this.backend]).catch(() => undefined);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.running;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

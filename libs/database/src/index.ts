export { DatabaseModule, type DatabaseModuleOptions } from './database.module.js';
export { ClockWatch, type SteppingClock } from './clock-watch.js';
export type { DatabaseOptions } from './connection-pools.js';
export { Database, type StatementRunner } from './database.js';
export { databaseScheduler } from './database-scheduler.js';
export { CLOCK_STEP_MS, DatabaseClock } from './database-clock.js';
export {
  classOf,
  DatabaseUnavailableError,
  isCancelled,
  isDataFault,
  isOutOfRange,
  isRetryableFault,
  isStatementFault,
  isUnavailable,
  StatementAbandonedError,
  StatementCancelledError,
  violatedConstraint,
} from './database-error.js';
export { JobLock } from './job-lock.entity.js';
export { tryJobLock, type LockedJob } from './job-lock.js';
export { logFailure } from './log-failure.js';
export { blankMaker, columnsOf, rowReader, rowWriter, type EntityRow } from './row-reader.js';
export { SecretBox } from './secret-box.js';
export { isAhead, putPast, putRight, SET_BACK_BY } from './set-back.js';
export { SnakeNamingStrategy, snakeCase } from './snake-naming.js';
export {
  statement,
  valuesOf,
  type NoParameters,
  type PoolName,
  type Statement,
  type TypedStatement,
} from './statement.js';

export { Database, type DatabaseOptions } from './database.js';
export {
  DatabaseUnavailableError,
  isDataFault,
  isOutOfRange,
  isRetryableFault,
  isStatementFault,
  isUnavailable,
  violatedConstraint,
} from './database-error.js';
export { Gatherer } from './gatherer.js';
export { logFailure } from './log-failure.js';
export { OutageLog } from './outage-log.js';
export { BEAT_MS, Pulse, type Part } from './pulse.js';
export { blankMaker, columnsOf, rowReader, rowWriter } from './row-reader.js';
export { SecretBox } from './secret-box.js';
export { SnakeNamingStrategy, snakeCase } from './snake-naming.js';
export type { PoolName, Statement } from './statement.js';

export { Batcher, type BatcherLimits } from './batcher.js';
export { CachedValue } from './cached-value.js';
export { nullOnAbort, raceTimeout, withDeadline } from './deadline.js';
export { TICK_MS, JobScheduler, type Job, type SchedulerPorts } from './job-scheduler.js';
export {
  KeyPermits,
  PermitRefusedError,
  type PermitLimits,
  type PermitRefusal,
  type PermitWait,
} from './key-permits.js';
export { KeyedBatcher } from './keyed-batcher.js';
export { KeyedMutex } from './keyed-mutex.js';
export { LoadingCache, type LoadingCacheOptions } from './loading-cache.js';
export { monotonicMs, type MonotonicClock } from './monotonic-clock.js';
export { OutageLog } from './outage-log.js';
export { SingleFlight } from './single-flight.js';
export { sleep } from './sleep.js';

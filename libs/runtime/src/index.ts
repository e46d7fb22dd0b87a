export { Gatherer, type GathererLimits } from './batcher.js';
export { BEAT_MS, Pulse, type Part, type PulsePorts } from './job-scheduler.js';
export {
  KeyPermits,
  PermitRefusedError,
  type PermitLimits,
  type PermitRefusal,
  type PermitWait,
} from './key-permits.js';
export { monotonicMs, type MonotonicClock } from './monotonic-clock.js';
export { OutageLog } from './outage-log.js';

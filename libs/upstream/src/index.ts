export { sendTimeoutMs, type AccountFilter, type SubmitCommand, type SubmitContext, type Work } from './command.js';
export { MidjourneyProxyAdapter } from './midjourney-proxy/midjourney-proxy.adapter.js';
export { UpstreamCallError, type CallFault, type Outcome } from './outcome.js';
export { freeSlots, lockSlots, takeSlots } from './slot.js';
export type { RecentTasks, SeedReply, Snapshot } from './snapshot.js';
export { UpstreamAdapter, type UpstreamTarget } from './upstream-adapter.js';
export { UpstreamPool, type Candidate, type PoolOptions } from './upstream-pool.js';
export { UpstreamRegistry, type UpstreamSetting } from './upstream-registry.js';
export { Upstream, UpstreamLoad } from './upstream.entity.js';

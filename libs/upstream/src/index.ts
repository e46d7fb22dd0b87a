export { UpstreamModule, type UpstreamModuleOptions } from './upstream.module.js';
export {
  sendTimeoutMs,
  SLOW_ANSWER_MS,
  type AccountFilter,
  type SubmitCommand,
  type SubmitContext,
  type Work,
} from './command.js';
export { CallLog } from './call-log.js';
export type { CallReport } from './call-report.js';
export { CircuitBreakers } from './circuit-breakers.js';
export { jsonPieces } from './json-pieces.js';
export { MidjourneyProxyAdapter } from './midjourney-proxy/midjourney-proxy.adapter.js';
export {
  isOperatorFault,
  RouteMissingError,
  UpstreamCallError,
  type CallFault,
  type OperatorFault,
  type Outcome,
  type Reach,
} from './outcome.js';
export { pictureHead, PictureText, type Picture } from './picture-text.js';
export { reachOf, type RecentQuery, type RecentTasks } from './recent-tasks.js';
export { withoutAccountMatters } from './refusal/refusal-subject.js';
export { RetryBudget } from './retry-budget.js';
export { shareOut, type Room } from './share-out.js';
export { freeSlots, lockSlots, placeOrder, slotsFor, takeSlots } from './slot.js';
export type { ProbeReply, SeedReply, Snapshot } from './snapshot.js';
export { UpstreamAdapter, type UpstreamTarget } from './upstream-adapter.js';
export {
  UpstreamDirectory,
  type ChangedUpstream,
  type CreatedUpstream,
  type DirectoryOptions,
  type UpstreamTest,
} from './upstream-directory.js';
export { UpstreamHealth } from './upstream-health.js';
export { UpstreamOffers, type Offers } from './upstream-offers.js';
export { UpstreamPool, type Candidate, type PoolOptions } from './upstream-pool.js';
export { UpstreamProber } from './upstream-prober.js';
export { UpstreamRegistry, type UpstreamSetting } from './upstream-registry.js';
export type {
  CircuitState,
  UpstreamInput,
  UpstreamPatch,
  UpstreamState,
  UpstreamTerms,
  UpstreamTimeouts,
} from './upstream-state.js';
export { Upstream, UpstreamLoad } from './upstream.entity.js';
export { UpstreamCall, type UpstreamOperation } from './upstream-call.entity.js';
export { UpstreamWatch } from './upstream-watch.js';
export { WatchedAdapter } from './watched-adapter.js';
export { SET_BACK_UPSTREAMS } from './set-back.js';

export { UpstreamModule, type UpstreamModuleOptions } from './upstream.module.js';
export {
  confirmedPromptOf,
  hasInlinePictures,
  isPictureLink,
  sendTimeoutMs,
  SLOW_ANSWER_MS,
  type AccountFilter,
  type ParentTexts,
  type PictureSize,
  type SubmitCommand,
  type SubmitContext,
  type Work,
} from './port/command.js';
export { CallLog } from './calls/call-log.js';
export type { CallReport } from './calls/call-report.js';
export { CircuitBreakers } from './circuit/circuit-breakers.js';
export { jsonPieces } from './port/json-pieces.js';
export { AdapterByKind } from './calls/adapter-by-kind.js';
export { UpstreamHttp, type UpstreamHttpOptions } from './http/upstream-http.js';
export {
  definitionOf,
  isUpstreamKind,
  pushedIdsIn,
  UPSTREAM_KINDS,
  USUAL_KIND,
  type PushedIds,
  type UpstreamKind,
} from './kinds.js';
export { MidjourneyProxyAdapter } from './midjourney-proxy/midjourney-proxy.adapter.js';
export type { Assumption, EvidenceGrade } from './port/assumption.js';
export type { KindCapabilities, Unsupported } from './port/capabilities.js';
export type { KindDefinition, KindTerms } from './port/upstream-kind.js';
export {
  isOperatorFault,
  RouteMissingError,
  UpstreamCallError,
  type CallFault,
  type OperatorFault,
  type Outcome,
  type FaultScope,
} from './port/outcome.js';
export { pictureHead, PictureText, type Picture } from './port/picture-text.js';
export { reachesBackTo, type RecentQuery, type RecentTasks } from './port/recent-tasks.js';
export { withoutAccountMatters } from './refusal/refusal-subject.js';
export { RetryBudget } from './slots/retry-budget.js';
export { allocateSlots, type UpstreamSlots } from './slots/allocate-slots.js';
export { freeSlots, lockSlots, placeOrder, slotsFor, takeSlots } from './slots/slot.js';
export type { ProbeReply, SeedReply, Snapshot } from './port/snapshot.js';
export { UpstreamAdapter, type UpstreamTarget } from './port/upstream-adapter.js';
export {
  UpstreamAdmin,
  type ChangedUpstream,
  type CreatedUpstream,
  type UnfitInput,
  type UpstreamAdminOptions,
} from './store/upstream-admin.js';
export { HealthLog } from './calls/health-log.js';
export type { Capabilities, ShownCapabilities } from './store/known-capabilities.js';
export { UpstreamCapabilities } from './store/upstream-capabilities.js';
export { UpstreamCache, type Candidate, type UpstreamCacheOptions, type WantedWork } from './store/upstream-cache.js';
export { UpstreamProber } from './circuit/upstream-prober.js';
export { EnvUpstreams, type EnvUpstream } from './store/env-upstreams.js';
export { secretMistake, type UnfitTerm } from './store/kind-terms.js';
export type { LinkReach, UpstreamTest } from './store/upstream-tester.js';
export { FOLLOW_UPS, type FollowUps } from './store/upstream-state.js';
export type {
  CircuitState,
  UpstreamInput,
  UpstreamPatch,
  UpstreamState,
  UpstreamTerms,
  UpstreamTimeouts,
} from './store/upstream-state.js';
export { Upstream, UpstreamLoad } from './store/upstream.entity.js';
export { UpstreamCall, type UpstreamOperation } from './calls/upstream-call.entity.js';
export { CallObserver } from './calls/call-observer.js';
export { InstrumentedAdapter } from './calls/instrumented-adapter.js';
export { baseUrlOf } from './store/base-url.js';
export { noteLinksFetched } from './store/links-fetched.js';
export { linksReachable, type LinksReach } from './store/links-reachable.js';
export { SET_BACK_UPSTREAMS } from './store/set-back.js';

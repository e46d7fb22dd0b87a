export { NetModule, type NetModuleOptions } from './net.module.js';
export { isPublicAddress } from './address.js';
export { readCapped } from './answer-body.js';
export { decodeContent } from './content-coding.js';
export { EgressPolicy } from './egress-policy.js';
export { exchange, type Exchanged, type ExchangeLimits } from './exchange.js';
export { trustedConnector } from './guarded-connector.js';
export {
  type Download,
  type DownloadOptions,
  GuardedClient,
  type GuardedClientOptions,
  type PostAnswer,
  type PostOptions,
} from './guarded-client.js';
export { parseHostRewrites, rewriteHost, type HostRewrites } from './host-rewrite.js';
export { NameLookup, type NameLookupOptions } from './name-lookup.js';
export { networkOf } from './network-of.js';
export { classifyError, OutboundError, type OutboundErrorKind, type OutboundPhase } from './outbound-error.js';
export { parseProxyUrl, type OutboundProxy } from './outbound-proxy.js';
export { retryAfter } from './retry-after.js';
export { checkUrl, MAX_URL_LENGTH, type UrlCheck, type UrlRefusal } from './url-check.js';

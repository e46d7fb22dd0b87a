export { NetModule, type NetModuleOptions } from './net.module.js';
export { isPublicAddress } from './policy/address.js';
export { readCapped } from './client/answer-body.js';
export { decodeContent } from './client/content-coding.js';
export { EgressPolicy } from './policy/egress-policy.js';
export { exchange, type Exchanged, type ExchangeLimits } from './client/exchange.js';
export { trustedConnector } from './connect/guarded-connector.js';
export { GuardedClient } from './client/guarded-client.js';
export type {
  Download,
  DownloadOptions,
  GuardedClientOptions,
  PostAnswer,
  PostOptions,
} from './client/guarded-client-options.js';
export { parseHostRewrites, rewriteHost, type HostRewrites } from './policy/host-rewrite.js';
export { NameLookup, type NameLookupOptions } from './connect/name-lookup.js';
export { isLoopbackHost } from './policy/loopback.js';
export { networkOf } from './policy/network-of.js';
export { classifyError, OutboundError, type OutboundErrorKind, type OutboundPhase } from './client/outbound-error.js';
export { parseProxyUrl, type OutboundProxy } from './connect/outbound-proxy.js';
export { retryAfter } from './client/retry-after.js';
export { parseHttpUrl, parseUrl } from './policy/parse-url.js';
export { checkUrl, MAX_URL_LENGTH, type UrlCheck, type UrlRefusal } from './policy/url-check.js';

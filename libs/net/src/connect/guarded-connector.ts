import { buildConnector } from 'undici';
import { isBlockedPort } from '../policy/blocked-ports.js';
import { type EgressPolicy } from '../policy/egress-policy.js';
import { classifyConnectError, OutboundError } from '../client/outbound-error.js';
import { tlsOptions, type ConnectorOptions } from './connector-options.js';
import { isRefused, guardedLookup, type AddressGuard } from './guarded-lookup.js';
import { tunnelledConnector } from './tunnel-connector.js';

/** How long one address of several is tried before the next one, ms. With Node's 250 far but healthy hosts fail. */
const ADDRESS_ATTEMPT_MS = 500;

/**
 * An undici connector that reaches only addresses that the policy allows. `connect.lookup` alone is no guard, because
 * undici skips it when the host is an address. So a literal address is checked first. A name is looked up once: one refused
 * address refuses the whole answer, and the socket gets only checked addresses, so that DNS rebinding finds no gap. The
 * peer's address is checked again once the socket is connected. A proxy is asked for a checked address, never for the name.
 * A port that checkUrl refuses is open only towards the operator's ranges.
 *
 * Its callback gets an {@link OutboundError} of phase `connect`.
 */
export function guardedConnector(policy: EgressPolicy, options: ConnectorOptions): buildConnector.connector {
  const anyPort = connectorWith((ip) => policy.allows(ip), options);
  const blockedPort = connectorWith((ip) => policy.opens(ip), options);
  return (target, done) => (isBlockedPort(Number(target.port)) ? blockedPort : anyPort)(target, done);
}

/**
 * A connector without a policy, for an origin that the operator configured, with the same time limits and error classes. A
 * proxy is asked for the name, because names are often resolved wrongly on this side of it.
 */
export function trustedConnector(options: ConnectorOptions): buildConnector.connector {
  return connectorWith(null, options);
}

function connectorWith(guard: AddressGuard, options: ConnectorOptions): buildConnector.connector {
  const direct = directConnector(guard, options);
  if (options.proxy === undefined) return direct;
  const tunnelled = tunnelledConnector(guard, options);
  return (target, done) => {
    const proxy = options.proxy?.() ?? null;
    if (proxy === null) return direct(target, done);
    tunnelled(proxy, target).then(
      (socket) => done(null, socket),
      (error: unknown) => done(classifyConnectError(error, target.protocol === 'https:'), null),
    );
  };
}

function directConnector(guard: AddressGuard, options: ConnectorOptions): buildConnector.connector {
  const connect = buildConnector({
    ...tlsOptions(options),
    lookup: guard === null ? options.lookup : guardedLookup(guard, options.lookup),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  });
  return (target, done) => {
    if (isRefused(guard, target.hostname)) {
      // undici is in the middle of its dispatch here and expects the answer later.
      queueMicrotask(() => done(new OutboundError('blocked', 'connect', 'ip'), null));
      return;
    }
    connect(target, (error, socket) => {
      if (error !== null) return done(classifyConnectError(error, target.protocol === 'https:'), null);
      if (guard?.(socket.remoteAddress ?? '') ?? true) return done(null, socket);
      socket.destroy();
      done(new OutboundError('blocked', 'connect', 'peer'), null);
    });
  };
}

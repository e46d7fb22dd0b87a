import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isBlockedPort } from './blocked-ports.js';
import { type EgressPolicy } from './egress-policy.js';
import { classifyConnectError, OutboundError } from './outbound-error.js';

/** More addresses than any honest name has; a longer answer is refused whole. */
const MAX_ADDRESSES = 64;

/** How long one address of several is tried before the next one starts, ms. Node's 250 fails far but healthy hosts. */
const ADDRESS_ATTEMPT_MS = 500;

export interface ConnectorOptions {
  /** Resolves a name, with the signature of `dns.lookup`. */
  lookup: LookupFunction;
  /** From the look-up to the connected socket, with TLS to the finished handshake, ms. */
  connectMs: number;
  /** PEM roots trusted instead of Node's. */
  ca?: string;
}

type Judge = (ip: string) => boolean;

/**
 * An undici connector that reaches only what the policy allows. `connect.lookup` alone is no guard, for undici skips
 * it when the host is an address. So: a literal address is judged; a name is looked up once, one bad address refuses
 * the whole answer, and the socket gets only the judged ones, which leaves rebinding no gap; the peer's address is
 * judged again once the socket stands. A port that checkUrl refuses is open only towards the operator's ranges.
 *
 * Its callback gets an {@link OutboundError} of phase `connect`.
 */
export function guardedConnector(policy: EgressPolicy, options: ConnectorOptions): buildConnector.connector {
  const anyPort = judgedConnector((ip) => policy.allows(ip), options);
  const blockedPort = judgedConnector((ip) => policy.opens(ip), options);
  return (target, done) => (isBlockedPort(Number(target.port)) ? blockedPort : anyPort)(target, done);
}

/** A connector without a policy, for an origin that the operator configured; same time limits, same error classes. */
export function trustedConnector(options: ConnectorOptions): buildConnector.connector {
  return judgedConnector(() => true, options);
}

function judgedConnector(judge: Judge, { lookup, connectMs, ca }: ConnectorOptions): buildConnector.connector {
  const connect = buildConnector({
    timeout: connectMs,
    allowH2: false,
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment does not reach here.
    rejectUnauthorized: true,
    ca,
    lookup: judgedLookup(judge, lookup),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  });
  return (target, done) => {
    if (isIP(target.hostname) !== 0 && !judge(target.hostname)) {
      // undici is in the middle of its own dispatch here and expects the answer later.
      queueMicrotask(() => done(new OutboundError('blocked', 'connect', 'ip'), null));
      return;
    }
    connect(target, (error, socket) => {
      if (error !== null) return done(classifyConnectError(error, target.protocol === 'https:'), null);
      if (judge(socket.remoteAddress ?? '')) return done(null, socket);
      socket.destroy();
      done(new OutboundError('blocked', 'connect', 'peer'), null);
    });
  };
}

function judgedLookup(judge: Judge, lookup: LookupFunction): LookupFunction {
  return (hostname, options, done) => {
    const refuse = (error: OutboundError): void => done(error, []);
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error) return refuse(new OutboundError('dns', 'connect', error.code ?? null));
      const addresses = typeof answer === 'string' ? [{ address: answer, family: isIP(answer) }] : answer;
      if (addresses.length === 0) return refuse(new OutboundError('dns', 'connect', 'empty'));
      if (addresses.length > MAX_ADDRESSES || !addresses.every(({ address }) => judge(address))) {
        return refuse(new OutboundError('blocked', 'connect', 'dns'));
      }
      if (options.all) done(null, addresses);
      else done(null, addresses[0].address, addresses[0].family);
    });
  };
}

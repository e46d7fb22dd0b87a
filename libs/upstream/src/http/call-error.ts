import { classifyError, OutboundError } from '#libs/net';
import { UpstreamCallError, type CallFault } from '../port/outcome.js';

/**
 * The error of a failed call. Its cause is the classified error only, because errors of sockets and URLs name the address.
 * @param begun whether the request was begun, so that its server may have acted on it
 */
export function callError(error: unknown, begun: boolean): UpstreamCallError {
  const known = classifyError(error, begun ? 'answer' : 'connect');
  return known instanceof OutboundError
    ? new UpstreamCallError(faultOf(known, begun), { cause: known })
    : new UpstreamCallError(begun ? 'reset' : 'connect');
}

function faultOf({ kind }: OutboundError, begun: boolean): CallFault {
  if (!begun) return kind === 'dns' || kind === 'tls' ? kind : 'connect';
  switch (kind) {
    case 'timeout':
      return 'timeout';
    case 'protocol':
    case 'too_large':
    case 'encoding':
      return 'unreadable';
    default:
      return 'reset';
  }
}

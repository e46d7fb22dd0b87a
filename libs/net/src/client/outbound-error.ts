import { errors } from 'undici';

/**
 * The class of a failed outbound call, which may be shown to anyone.
 *
 * blocked: the policy refuses the target · dns: no address · connect: no connection · tls: no trusted session ·
 * timeout: a deadline passed · reset: the peer hung up · too_large: more bytes than the cap · encoding: a compressed
 * body where identity was asked for · redirect: too many hops, a loop, or from https down to http · protocol: no
 * valid HTTP · aborted: the caller gave up, or the client is closed
 */
export type OutboundErrorKind =
  | 'blocked'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'too_large'
  | 'encoding'
  | 'redirect'
  | 'protocol'
  | 'aborted';

/** How far the call had come. `connect` means that no byte of the request was sent; the others do not say that one was. */
export type OutboundPhase = 'connect' | 'answer' | 'body';

const PHASE_TEXT: Record<OutboundPhase, string> = {
  connect: 'before the request was sent',
  answer: 'while waiting for the answer',
  body: 'while reading the answer',
};

/** An outbound call that failed. Its message is made of fixed words: no address, host or text of a peer is in it. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';

  /**
   * @param detail a code of Node, OpenSSL or undici (`ECONNREFUSED`, `CERT_HAS_EXPIRED`) or a refusal of checkUrl.
   *   The property is not named `code` because undici treats connect errors with some codes as recoverable.
   */
  constructor(
    readonly kind: OutboundErrorKind,
    readonly phase: OutboundPhase,
    readonly detail: string | null = null,
  ) {
    super(`outbound call failed ${PHASE_TEXT[phase]}: ${kind}${detail === null ? '' : ` (${detail})`}`);
  }
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EACCES',
  'EPERM',
  'EMFILE',
  'ENFILE',
]);

/** Names that Node has for OpenSSL's verification failures; all of them end the handshake. */
const CERTIFICATE =
  /^(?:CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_CERT_|INVALID_|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_CERT)/;

const CODES: Record<string, OutboundErrorKind> = {
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too_large',
  UND_ERR_ABORTED: 'aborted',
  UND_ERR_ABORT: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
};

/**
 * Puts an error of undici, of Node's sockets or of its resolver into a class. An error that is none of these (an
 * invalid argument, a bug) is returned as it is.
 *
 * @param phase how far the call had come, as far as the caller knows; errors that only a connect can have say so
 */
export function classifyError(error: unknown, phase: OutboundPhase): unknown {
  if (error instanceof OutboundError) return error;
  // undici 7 has no code for answers that its parser refuses.
  if (error instanceof errors.HTTPParserError) return new OutboundError('protocol', phase, 'parser');
  const code = codeOf(error);
  const at = isOfConnect(error) ? 'connect' : phase;
  if (code === null || code === 'UND_ERR_INVALID_ARG') return error;
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return new OutboundError('dns', 'connect', code);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new OutboundError('timeout', 'connect', code);
  if (UNREACHABLE.has(code)) return new OutboundError('connect', at, code);
  if (CERTIFICATE.test(code)) return new OutboundError('tls', 'connect', code);
  if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) return new OutboundError('tls', at, code);
  const kind = CODES[code] ?? (code.startsWith('ERR_') ? null : 'protocol');
  return kind === null ? error : new OutboundError(kind, at, code);
}

/** {@link classifyError} for the error of a connector: nothing was sent, whatever happened. */
export function classifyConnectError(error: unknown, secure: boolean): Error {
  const classified = classifyError(error, 'connect');
  if (!(classified instanceof OutboundError)) return error as Error;
  // A peer that hangs up or talks nonsense before the session stands has refused TLS; without TLS, the connection.
  return classified.kind === 'reset' || classified.kind === 'protocol'
    ? new OutboundError(secure ? 'tls' : 'connect', 'connect', classified.detail)
    : classified;
}

/**
 * Whether the system call `connect` failed. The code alone does not say so: an established connection can also end in
 * ETIMEDOUT or EHOSTUNREACH, after the request went out. Of several addresses tried there are several errors.
 */
function isOfConnect(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('errors' in error && Array.isArray(error.errors))
    return error.errors.length > 0 && error.errors.every(isOfConnect);
  return 'syscall' in error && error.syscall === 'connect';
}

function codeOf(error: unknown): string | null {
  // Not instanceof: errors of Node's core belong to another realm under a test runner or in a vm context.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : null;
}

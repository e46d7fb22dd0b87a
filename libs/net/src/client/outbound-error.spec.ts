import { errors } from 'undici';
import { classifyConnectError, classifyError, OutboundError } from './outbound-error.js';

const coded = (code: string, syscall = 'read'): Error =>
  Object.assign(new Error('connect 10.0.0.5:22 SSH-2.0-banner'), { code, syscall });

describe('classifyError', () => {
  it.each([
    ['ENOTFOUND', 'dns', 'connect'],
    ['EAI_AGAIN', 'dns', 'connect'],
    ['EHOSTUNREACH', 'connect', 'answer'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'connect'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'connect'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'connect'],
    ['CERT_HAS_EXPIRED', 'tls', 'connect'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'connect'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'connect'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls', 'answer'],
    ['ETIMEDOUT', 'timeout', 'answer'],
    ['ECONNRESET', 'reset', 'answer'],
    ['EPIPE', 'reset', 'answer'],
    ['UND_ERR_SOCKET', 'reset', 'answer'],
    ['UND_ERR_HEADERS_OVERFLOW', 'too_large', 'answer'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'protocol', 'answer'],
    ['HPE_INVALID_CONSTANT', 'protocol', 'answer'],
    ['UND_ERR_DESTROYED', 'aborted', 'answer'],
  ])('makes of %s %s, phase %s', (code, kind, phase) => {
    const classified = classifyError(coded(code), 'answer');
    expect(classified).toBeInstanceOf(OutboundError);
    expect(classified).toMatchObject({ kind, phase, detail: code });
    expect((classified as Error).message).not.toMatch(/10\.0\.0\.5|SSH/);
  });

  it.each([
    ['ECONNREFUSED', 'connect'],
    ['EHOSTUNREACH', 'connect'],
    ['ETIMEDOUT', 'timeout'],
  ])('knows a failed connect by its system call: %s', (code, kind) => {
    const one = coded(code, 'connect');
    const several = Object.assign(new AggregateError([one, coded('ENETUNREACH', 'connect')]), { code });
    const mixed = Object.assign(new AggregateError([one, coded('ECONNRESET')]), { code });
    expect(classifyError(one, 'answer')).toMatchObject({ kind, phase: 'connect' });
    expect(classifyError(several, 'answer')).toMatchObject({ kind, phase: 'connect' });
    expect(classifyError(mixed, 'answer')).toMatchObject({ kind, phase: 'answer' });
  });

  it.each([
    new TypeError('a bug'),
    new errors.InvalidArgumentError('invalid header'),
    coded('ERR_ASSERTION'),
    'text',
    undefined,
  ])('leaves %p alone', (error) => expect(classifyError(error, 'answer')).toBe(error));

  it('leaves a classified error alone', () => {
    const error = new OutboundError('blocked', 'connect', 'ip');
    expect(classifyError(error, 'body')).toBe(error);
  });
});

describe('classifyConnectError', () => {
  it.each([
    ['ECONNRESET', true, 'tls'],
    ['EPROTO', true, 'tls'],
    ['ECONNRESET', false, 'connect'],
    ['EINVAL', false, 'connect'],
    ['ETIMEDOUT', true, 'timeout'],
    ['ECONNREFUSED', true, 'connect'],
  ])('makes of %s (TLS %p) %s, nothing sent', (code, secure, kind) => {
    expect(classifyConnectError(coded(code), secure)).toMatchObject({ kind, phase: 'connect' });
  });
});

import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** Postgres's own default. */
const ITERATIONS = 4_096;

/**
 * What Postgres stores of a password (RFC 5803, SCRAM-SHA-256). Sent instead of the password, it keeps that out of the
 * server's log and statistics.
 * @param password printable ASCII: nothing else is the same before and after SASLprep
 * @param salt 16 random bytes
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyOf = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${keyOf('Server Key').toString('base64')}`;
}

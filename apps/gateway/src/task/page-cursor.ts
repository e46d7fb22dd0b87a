import type { SecretBox } from '#libs/database';
import type { PagePosition } from '#libs/tracking';

const PURPOSE = 'cursor';
const CURSOR = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{32})$/;
const POSITION = /^(\d{1,16})\.(\d{16})$/;

/** The cursor of the page after a position. It is signed for one key, so that it cannot be forged or used by another key. */
export function toCursor({ submittedUs, id }: PagePosition, apiKeyId: string, secrets: SecretBox): string {
  const position = `${submittedUs}.${id}`;
  const mac = secrets.mac(PURPOSE, `${apiKeyId}:${position}`);
  return `${Buffer.from(position).toString('base64url')}.${mac}`;
}

/** The position that a cursor stands for; null for one that this gateway did not give to this key. */
export function readCursor(cursor: string, apiKeyId: string, secrets: SecretBox): PagePosition | null {
  const [, encoded = '', mac = ''] = CURSOR.exec(cursor) ?? [];
  const position = Buffer.from(encoded, 'base64url').toString('latin1');
  const [, submittedUs, id] = POSITION.exec(position) ?? [];
  if (submittedUs === undefined || id === undefined) return null;
  return secrets.verifies(PURPOSE, `${apiKeyId}:${position}`, mac) ? { submittedUs, id } : null;
}

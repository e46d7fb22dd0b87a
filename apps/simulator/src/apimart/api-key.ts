import { createHash } from 'node:crypto';

/** Whose request it is, by its `Authorization: Bearer`: a hash of the key; null when none of the accepted keys is shown. */
export function ownerOf(
  authorization: string | undefined,
  secret: string | null,
  others: readonly string[],
): string | null {
  const [, shown = ''] = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  const owner = hashOf(shown);
  if (secret === null) return owner;
  // Hashes are compared: where two keys begin to differ cannot be measured.
  return [secret, ...others].some((key) => hashOf(key) === owner) ? owner : null;
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16);

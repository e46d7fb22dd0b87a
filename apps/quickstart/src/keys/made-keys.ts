/** The secrets that quickstart makes where none are given, and keeps. */
export interface MadeKeys {
  /** 32 bytes, base64. */
  secretKey: string;
  /** `sk-` and 43 characters of base62: 256 bits. */
  apiKey: string;
  /** `adm-` and 43 characters of base62. */
  adminKey: string;
  /** `whsec_` and 32 bytes in base64: signs the hooks of that key. */
  webhookSecret: string;
  /** What the simulator asks of the gateway. */
  simulatorSecret: string;
}

/** Gives that many random bytes. */
export type RandomBytes = (size: number) => Buffer;

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The kept keys with every missing one made. */
export function completeKeys(kept: Partial<MadeKeys>, random: RandomBytes): MadeKeys {
  return {
    secretKey: kept.secretKey ?? random(32).toString('base64'),
    apiKey: kept.apiKey ?? `sk-${base62(43, random)}`,
    adminKey: kept.adminKey ?? `adm-${base62(43, random)}`,
    webhookSecret: kept.webhookSecret ?? `whsec_${random(32).toString('base64')}`,
    simulatorSecret: kept.simulatorSecret ?? base62(43, random),
  };
}

/**
 * Reads the text of a keys file; unknown entries and empty ones are left out.
 * @throws SyntaxError when it is not JSON, TypeError when it is not an object.
 */
export function parseKeys(text: string): Partial<MadeKeys> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  const entries = value as Record<string, unknown>;
  const keys: Partial<MadeKeys> = {};
  for (const name of ['secretKey', 'apiKey', 'adminKey', 'webhookSecret', 'simulatorSecret'] as const) {
    const entry = entries[name];
    if (typeof entry === 'string' && entry !== '') keys[name] = entry;
  }
  return keys;
}

function base62(length: number, random: RandomBytes): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random(64)) {
      // 248 = 4 × 62: a byte above it would favour the first letters.
      if (byte < 248 && text.length < length) text += BASE62[byte % 62];
    }
  }
  return text;
}

import type { SecretBox } from '#libs/database';
import { checkUrl, type EgressPolicy } from '#libs/net';

/** RFC 7617, 2: neither part holds control characters, and the user no colon. */
// eslint-disable-next-line no-control-regex
const WRONG_USER = /[\u0000-\u001f\u007f:]/;
// eslint-disable-next-line no-control-regex
const WRONG_PASSWORD = /[\u0000-\u001f\u007f]/;

/** A hook as it was given: none, one that may not be called, or one with the URL that is kept. */
export type HookReading = { kind: 'none' } | { kind: 'refused' } | { kind: 'ok'; url: string };

/**
 * Reads hooks as clients and operators write them. A login in the URL (`https://user:password@host/`) is taken out and
 * sealed; the kept URL carries the sealed bytes in its place, so that the login goes wherever the URL goes and nobody can read it.
 */
export class HookUrls {
  constructor(
    private readonly policy: EgressPolicy,
    private readonly box: SecretBox,
  ) {}

  /** Reads and checks a hook. Never throws. */
  read(text: string): HookReading {
    const given = text.trim();
    if (given === '') return { kind: 'none' };
    const checked = checkUrl(given, this.policy);
    if (checked.kind === 'ok') return { kind: 'ok', url: given };
    // checkUrl refuses every other fault of form first, so a URL refused for its login has no other.
    return checked.reason === 'userinfo' ? this.withLogin(given) : { kind: 'refused' };
  }

  private withLogin(given: string): HookReading {
    const url = new URL(given);
    const isPlain = given.split(/[/?#]/)[2]?.split('@').length === 2;
    const [user, password] = [decoded(url.username), decoded(url.password)];
    if (!isPlain || WRONG_USER.test(user) || WRONG_PASSWORD.test(password)) return { kind: 'refused' };
    url.username = '';
    url.password = '';
    if (checkUrl(url.href, this.policy).kind !== 'ok') return { kind: 'refused' };
    if (user !== '' || password !== '') url.username = this.box.seal(`${user}:${password}`).toString('base64url');
    return { kind: 'ok', url: url.href };
  }
}

/** A kept URL as it may be shown: without its login. */
export function shownHook(kept: string): string {
  return kept.replace(/^(https?:\/\/)[^/?#@]*@/i, '$1');
}

/**
 * The URL to call for a kept one, and the `authorization` to send; null: none.
 * @throws Error when its login was sealed under another SECRET_KEY
 */
export function openHook(kept: string, box: SecretBox): { url: string; authorization: string | null } {
  const url = shownHook(kept);
  if (url === kept) return { url, authorization: null };
  const login = box.open(Buffer.from(new URL(kept).username, 'base64url'));
  return { url, authorization: `Basic ${Buffer.from(login, 'utf8').toString('base64')}` };
}

/** Decodes percent-escapes; a text with a broken one stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

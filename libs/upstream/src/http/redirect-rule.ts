import { parseUrl } from '#libs/net';

/**
 * Statuses that ask for the same request at another address: by RFC 9110 a server that acted on the request does not use
 * them.
 */
const ELSEWHERE: ReadonlySet<number> = new Set([301, 307, 308]);
const FOUND = 302;
const SEE_OTHER = 303;
const LOGIN = /\/(?:log-?in|sign-?in|auth|sso|oauth2?|saml|cdn-cgi\/access)(?:[/._-]|$)/i;

/**
 * Whether a POST that was answered with a redirect surely began no work. 302 and 303 may also follow a success
 * (Post/Redirect/Get), so they count only where the target is a login or the same path in another form (https, a slash at
 * the end), and 302 also where the target is another server.
 * @param from the address of the request
 * @param to the absolute target of the redirect; null: the answer names none
 */
export function leadsElsewhere(status: number, from: string, to: string | null): boolean {
  if (ELSEWHERE.has(status)) return true;
  if ((status !== FOUND && status !== SEE_OTHER) || to === null) return false;
  const [asked, led] = [parseUrl(from), parseUrl(to)];
  if (asked === null || led === null) return false;
  const isSamePath = pathOf(asked) === pathOf(led) && asked.href !== led.href;
  return isSamePath || LOGIN.test(led.pathname) || (status === FOUND && asked.host !== led.host);
}

function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/+/g, '/').replace(/\/$/, '').toLowerCase();
}

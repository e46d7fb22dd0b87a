/** They say "ask there instead, as you asked here": RFC 9110 lets nobody act on the request and then answer so. */
const ELSEWHERE: ReadonlySet<number> = new Set([301, 307, 308]);
const FOUND = 302;
const SEE_OTHER = 303;
const LOGIN = /\/(?:log-?in|sign-?in|auth|sso|oauth2?|saml|cdn-cgi\/access)(?:[/._-]|$)/i;

/**
 * Whether a redirected POST surely began nothing. 302 and 303 also say "done, look there" (Post/Redirect/Get), so they count
 * only where they lead to the same path in another form (https, a slash at the end) or to a login; 302 also where it leads
 * to another server.
 * @param from the address that was asked · to: where it leads, absolute; null: the answer does not say
 */
export function leadsElsewhere(status: number, from: string, to: string | null): boolean {
  if (ELSEWHERE.has(status)) return true;
  if ((status !== FOUND && status !== SEE_OTHER) || to === null || !URL.canParse(to) || !URL.canParse(from))
    return false;
  const [asked, led] = [new URL(from), new URL(to)];
  const isSamePath = pathOf(asked) === pathOf(led) && asked.href !== led.href;
  return isSamePath || LOGIN.test(led.pathname) || (status === FOUND && asked.host !== led.host);
}

function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/+/g, '/').replace(/\/$/, '').toLowerCase();
}

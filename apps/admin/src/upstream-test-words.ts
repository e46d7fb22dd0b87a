import { isObject, type Json } from './admin-api.js';

const FAULTS: Readonly<Record<string, string>> = {
  connect: 'It cannot be reached: nothing answers at its address.',
  dns: 'It cannot be reached: the host of its address is not known.',
  tls: 'It cannot be reached: its certificate is not accepted.',
  timeout: 'It does not answer in time.',
  reset: 'It breaks calls off.',
  unauthorized: 'It does not accept the key: give another one with upstreams patch <id> --secret-file.',
  payment_required: 'Its account has no credit or quota left.',
  forbidden: 'Its account may not do this: its plan, its permissions or a ban stand against it.',
  not_found: 'It has no such routes: is the address right, and the kind?',
  redirected: 'It leads elsewhere: redirectsTo is the address to give to a new upstream.',
  status_4xx: 'It declines every call.',
  status_5xx: 'It fails.',
  unreadable: 'Its answers cannot be read: is the address right, and the kind?',
  secret: 'Its secret was stored under another SECRET_KEY: give it again with upstreams patch <id> --secret-file.',
};

const REASONS: Readonly<Record<string, string>> = {
  no_public_url: 'the gateway has no PUBLIC_URL.',
  loopback: 'PUBLIC_URL is on loopback, which leads an upstream elsewhere to itself.',
};

/** The result of an upstream's test in sentences, one a line; empty for what is no such result. */
export function testInWords(answer: Json): string {
  if (!isObject(answer)) return '';
  const { ok, error, links, linksReason } = answer;
  const fault = ok === true ? '' : (wordsFor(FAULTS, error) ?? 'It fails.');
  return ['', fault, linksInWords(links, linksReason)].filter((line, at) => at === 0 || line !== '').join('\n') + '\n';
}

function wordsFor(texts: Readonly<Record<string, string>>, name: Json | undefined): string | undefined {
  return typeof name === 'string' ? texts[name] : undefined;
}

function linksInWords(links: Json | undefined, reason: Json | undefined): string {
  switch (links) {
    case 'reachable':
      return 'It can fetch our links: it has.';
    case 'unreachable':
      return `It cannot fetch our links, so pictures can only be sent to kinds that take them inline: ${wordsFor(REASONS, reason) ?? 'the reason is not known.'}`;
    case 'unknown':
      return 'Whether it can fetch our links is not known: it has not fetched one yet.';
    default:
      return '';
  }
}

import { parseArgs } from 'node:util';
import { parseHttpUrl } from '#libs/net';
import { isUpstreamKind, UPSTREAM_KINDS, type UpstreamKind } from '#libs/upstream';
import type { TrialTerms } from './trial.js';

export const TRY_USAGE = `npm run try-upstream -- <name> --yes
npm run try-upstream -- --kind <kind> --base-url <url> --secret-file <path> --yes
  <name>          of an upstream of the database (DATABASE_URL and SECRET_KEY as for the gateway)
  --kind          ${UPSTREAM_KINDS.join(', ')}
  --secret-file   file with its key; --secret <key> is seen by others on the machine
  --yes           make the calls; without it nothing is called
  --once          do not send the imagine twice
  --prompt        text of the imagine
  --video         make a film too
  --mask          repaint a region too, where that is in question
  --callback-url  address that the upstream reaches; with --listen <port>, the local port that it leads to`;

const SECOND = 1_000;

/** Which upstream is tried: one of the database, or one that is given whole. */
export type Wanted =
  { from: 'database'; name: string } | { from: 'options'; kind: UpstreamKind; baseUrl: string; secret: Secret };
/** A secret, or the file that holds it; null: none. */
type Secret = { text: string } | { file: string } | null;

export interface TryOptions {
  wanted: Wanted;
  isSure: boolean;
  terms: TrialTerms;
}

/** @throws Error that names the option that is wrong */
export function readTryOptions(args: readonly string[]): TryOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      kind: { type: 'string' },
      'base-url': { type: 'string' },
      secret: { type: 'string' },
      'secret-file': { type: 'string' },
      yes: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      video: { type: 'boolean', default: false },
      mask: { type: 'boolean', default: false },
      'callback-url': { type: 'string' },
      listen: { type: 'string' },
      prompt: { type: 'string', default: 'a small red circle on white paper' },
    },
  });
  const [name, ...others] = positionals;
  if (others.length > 0) throw new Error('only one upstream is tried at a time');
  const terms: TrialTerms = {
    prompt: values.prompt,
    withVideo: values.video,
    withMask: values.mask,
    sendsTwice: !values.once,
    callbackUrl: addressOf(values['callback-url']),
    listenPort: portOf(values.listen),
    pollMs: 3 * SECOND,
    patienceMs: 15 * 60 * SECOND,
    callbackMs: 60 * SECOND,
  };
  return { wanted: wantedOf(name, values), isSure: values.yes, terms };
}

function wantedOf(name: string | undefined, values: Readonly<Record<string, string | boolean | undefined>>): Wanted {
  const { kind, secret } = values;
  const [baseUrl, file] = [values['base-url'], values['secret-file']];
  if (name !== undefined) {
    if ([kind, baseUrl, secret, file].some((value) => value !== undefined)) {
      throw new Error('give a name, or --kind, --base-url and a secret, not both');
    }
    return { from: 'database', name };
  }
  if (typeof kind !== 'string' || !isUpstreamKind(kind))
    throw new Error(`--kind must be of ${UPSTREAM_KINDS.join(', ')}`);
  if (typeof baseUrl !== 'string') throw new Error('--base-url must be given');
  if (typeof secret === 'string') return { from: 'options', kind, baseUrl, secret: { text: secret } };
  return { from: 'options', kind, baseUrl, secret: typeof file === 'string' ? { file } : null };
}

function addressOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (parseHttpUrl(text) === null) throw new Error('--callback-url must be an http or https address');
  return text;
}

function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('--listen must be a port');
  return port;
}

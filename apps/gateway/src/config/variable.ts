import { isIP } from 'node:net';
import { type HostRewrites, type OutboundProxy, parseHostRewrites, parseProxyUrl, parseUrl } from '#libs/net';
import { parseMode, type TaskMode } from '#libs/wire';

/** One environment variable: what it means, what it is when absent, and how its text is read. */
export interface Variable<T> {
  /** For the README's table. */
  about: string;
  /** How the default is shown there; "–" when there is none. */
  shown: string;
  fallback: T;
  /** @throws Error whose message says what is expected */
  read: (text: string) => T;
}

function variable<T>(about: string, shown: string, fallback: T, read: (text: string) => T): Variable<T> {
  return { about, shown, fallback, read };
}

/** Any text. */
export function text(about: string, fallback: string | null): Variable<string | null> {
  return variable(about, fallback ?? '–', fallback, (given) => given);
}

/** A secret that goes into an HTTP header: printable ASCII without spaces, not too short to be guessed. */
export function headerSecret(about: string, minChars: number): Variable<string | null> {
  return variable<string | null>(about, '–', null, (given) => {
    if (given.length < minChars || !/^[\x21-\x7e]+$/.test(given)) {
      throw new Error(`at least ${minChars} characters of printable ASCII without spaces (try: openssl rand -hex 32)`);
    }
    return given;
  });
}

/** What goes into an HTTP header as it is. */
export function headerText(about: string, fallback: string): Variable<string> {
  return variable(about, fallback, fallback, (given) => {
    if (!/^[\x20-\x7e]{1,1000}$/.test(given)) throw new Error('printable ASCII of at most 1,000 characters');
    return given;
  });
}

/** A proxy, with name and password where it wants them. */
export function proxyUrl(about: string): Variable<OutboundProxy | null> {
  return variable<OutboundProxy | null>(about, '–', null, (given) => {
    const proxy = parseProxyUrl(given);
    if (proxy === null)
      throw new Error(
        'a URL such as http://user:password@proxy.example:3128 or socks5h://proxy.example:1080, without a path',
      );
    return proxy;
  });
}

/** Hosts, and which hosts stand for them. */
export function hostRewrites(about: string): Variable<HostRewrites> {
  return variable<HostRewrites>(about, '–', new Map(), parseHostRewrites);
}

/** A whole number within bounds. */
export function integer(about: string, fallback: number, min: number, max: number): Variable<number> {
  return variable(about, String(fallback), fallback, (given) => {
    const number = Number(given);
    if (!/^\d+$/.test(given) || number < min || number > max) throw new Error(`a whole number from ${min} to ${max}`);
    return number;
  });
}

/** `true` or `false`. */
export function flag(about: string, fallback: boolean): Variable<boolean> {
  return variable(about, String(fallback), fallback, (given) => {
    if (given !== 'true' && given !== 'false') throw new Error('true or false');
    return given === 'true';
  });
}

/** One of a few words. */
export function oneOf<const W extends string>(about: string, fallback: W, words: readonly W[]): Variable<W> {
  return variable(about, fallback, fallback, (given) => {
    const word = words.find((candidate) => candidate === given);
    if (word === undefined) throw new Error(`one of ${words.join(', ')}`);
    return word;
  });
}

/** A URL of one of the protocols; kept without trailing slashes. */
export function url(about: string, protocols: readonly string[]): Variable<string | null> {
  return variable<string | null>(about, '–', null, (given) => {
    const wanted = `a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`;
    if (!protocols.includes(parseUrl(given)?.protocol.slice(0, -1) ?? '')) throw new Error(wanted);
    return given.replace(/\/+$/, '');
  });
}

/** A comma-separated list of CIDRs or single addresses. */
export function cidrs(about: string): Variable<string[]> {
  return variable<string[]>(about, '–', [], (given) =>
    given
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => {
        const [address = '', bits] = part.split('/');
        const family = isIP(address);
        const most = family === 4 ? 32 : 128;
        if (family === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most))) {
          throw new Error(`a comma-separated list of CIDRs, and "${part}" is none`);
        }
        return bits === undefined ? `${part}/${most}` : part;
      }),
  );
}

/** 32 bytes in base64. */
export function key(about: string): Variable<Buffer | null> {
  return variable<Buffer | null>(about, '–', null, (given) => {
    const bytes = Buffer.from(given, 'base64');
    if (bytes.length !== 32) throw new Error('32 bytes in base64 (try: openssl rand -base64 32)');
    return bytes;
  });
}

/** A secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export function webhookSecret(about: string): Variable<string | null> {
  return variable<string | null>(about, '–', null, (given) => {
    const bytes = Buffer.from(given.replace(/^whsec_/, ''), 'base64').length;
    if (!/^whsec_[A-Za-z0-9+/]+=*$/.test(given) || bytes < 24 || bytes > 64) {
      throw new Error('whsec_ and the base64 of 24 to 64 bytes');
    }
    return given;
  });
}

/** Where kept pictures lie: null is the disk. */
export interface Bucket {
  bucket: string;
  /** Without slashes at its ends. */
  prefix: string;
}

/** `disk`, or `s3://bucket/prefix`. */
export function pictureStore(about: string): Variable<Bucket | null> {
  return variable<Bucket | null>(about, 'disk', null, (given) => {
    if (given === 'disk') return null;
    const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(given) ?? [];
    if (bucket === undefined) throw new Error('disk or s3://bucket/prefix');
    return { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
  });
}

/** Seconds, comma-separated. */
export function seconds(about: string, fallback: readonly number[]): Variable<readonly number[]> {
  return variable(about, fallback.join(','), fallback, (given) => {
    const numbers = given.split(',').map((part) => Number(part.trim() || NaN));
    if (numbers.length > 32 || numbers.some((number) => !(number >= 0 && number <= 604_800))) {
      throw new Error('at most 32 numbers of seconds up to 604800, comma-separated');
    }
    return numbers;
  });
}

/** RELAX, FAST or TURBO, in any case. */
export function mode(about: string, fallback: TaskMode): Variable<TaskMode> {
  return variable(about, fallback, fallback, (given) => {
    const read = parseMode(given);
    if (read === null) throw new Error('RELAX, FAST or TURBO');
    return read;
  });
}

/** Milliseconds for all modes, or by mode as `FAST=3600000,RELAX=14400000`. */
export function msByMode(about: string, fallback: Record<TaskMode, number>): Variable<Record<TaskMode, number>> {
  return variable(about, 'TURBO=1200000,FAST=3600000,RELAX=14400000', fallback, (given) => {
    const wanted = 'milliseconds, or MODE=milliseconds pairs, comma-separated';
    if (/^\d{1,12}$/.test(given)) return { RELAX: Number(given), FAST: Number(given), TURBO: Number(given) };
    const pairs = given.split(',').map((pair) => {
      const [name = '', ms = ''] = pair.split('=');
      const named = parseMode(name);
      if (named === null || !/^\d{1,12}$/.test(ms.trim())) throw new Error(wanted);
      return [named, Number(ms)] as const;
    });
    return { ...fallback, ...Object.fromEntries(pairs) };
  });
}

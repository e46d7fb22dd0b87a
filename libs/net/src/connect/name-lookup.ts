import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { SingleFlight, KeyedMutex, raceTimeout, CachedValue } from '#libs/runtime';
import { HOSTS_FILE, readHostsFile } from './hosts-file.js';

/** An address is kept for the time to live of its record, within these limits, s. */
const KEEP_S = { least: 5, most: 60 };
/** A failure is kept for so long, ms, so that many hooks to one name cause one question. */
const KEEP_FAILURE_MS = 3_000;
const HOSTS_KEEP_MS = 10_000;
const MAX_NAMES = 4_096;
/** How long the answer of the other address family is waited for after the first one, ms (RFC 8305, 3). */
const RESOLUTION_DELAY_MS = 50;
/** Time-out of one question to one name server, ms, and how often it is asked. */
const QUESTION_MS = 1_500;
const TRIES = 2;
/** Codes of a resolver that cannot be reached, which says nothing about the name. */
const NO_RESOLVER = new Set(['ECONNREFUSED', 'ENOTINITIALIZED', 'ELOADIPHLPAPI', 'EDESTRUCTION']);

export interface NameLookupOptions {
  /** Longest look-up, ms. */
  timeoutMs: number;
  /**
   * Whether the system is asked for a name that DNS does not know, for search domains and mDNS: where private names are
   * allowed.
   */
  asksSystem: boolean;
  /** Name servers; the system's unless given. */
  resolver?: Pick<Resolver, 'resolve4' | 'resolve6'>;
  /** The system's look-up; getaddrinfo unless given. */
  system?: LookupFunction;
  hostsFile?: string;
  /** ms of a monotonic clock. */
  now?: () => number;
}

interface Entry {
  addresses: readonly LookupAddress[];
  /** Code of the failure; null: there are addresses. */
  error: NodeJS.ErrnoException | null;
  until: number;
}

/**
 * Looks names up without the thread pool. `dns.lookup` holds one of the two threads that libuv has for look-ups until the
 * name servers answer, so that two names whose servers never answer would stop all other look-ups of the process. Here each
 * question is a datagram, and a hanging name delays only itself. The hosts file is read first, answers are cached, and the
 * system is asked only for names that DNS does not know, one name at a time.
 */
export class NameLookup {
  private readonly entries = new LRUCache<string, Entry>({ max: MAX_NAMES });
  private readonly asking = new SingleFlight<Entry>();
  private readonly resolver: Pick<Resolver, 'resolve4' | 'resolve6'>;
  private readonly now: () => number;
  private readonly hosts: CachedValue<Map<string, string[]>>;
  private readonly system = new KeyedMutex();

  constructor(private readonly options: NameLookupOptions) {
    this.resolver = options.resolver ?? new Resolver({ timeout: QUESTION_MS, tries: TRIES });
    this.now = options.now ?? (() => performance.now());
    this.hosts = new CachedValue(HOSTS_KEEP_MS, this.now);
  }

  /** `find` with the signature of `dns.lookup`, for a connector. */
  readonly lookup: LookupFunction = (name, options, done) => {
    this.find(name).then(
      (addresses) => {
        const wanted = addresses.filter(
          ({ family }) => options.family === undefined || !isOther(family, options.family),
        );
        const [first] = wanted;
        if (first === undefined) done(failure('ENODATA', name), []);
        else if (options.all === true) done(null, [...wanted]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };

  /** The cached addresses of a name; null: it cannot be found, undefined: it has to be looked up. */
  known(name: string): readonly LookupAddress[] | null | undefined {
    const entry = this.entries.get(name.toLowerCase());
    if (entry === undefined || entry.until <= this.now()) return undefined;
    return entry.error === null ? entry.addresses : null;
  }

  /** The addresses of a name, at least one; IPv4 first. @throws Error with a code of DNS */
  async find(name: string): Promise<readonly LookupAddress[]> {
    const key = name.toLowerCase();
    const kept = this.entries.get(key);
    const entry = kept !== undefined && kept.until > this.now() ? kept : await this.ask(key);
    if (entry.error !== null) throw entry.error;
    return entry.addresses;
  }

  private ask(name: string): Promise<Entry> {
    return this.asking.run(name, async () => {
      const entry = await this.answerFor(name);
      this.entries.set(name, entry);
      return entry;
    });
  }

  private async answerFor(name: string): Promise<Entry> {
    try {
      const { addresses, seconds } = await within(this.options.timeoutMs, this.resolve(name), name);
      const keepS = Math.min(Math.max(seconds, KEEP_S.least), KEEP_S.most);
      return { addresses, error: null, until: this.now() + keepS * 1_000 };
    } catch (error) {
      return { addresses: [], error: failure(codeOf(error), name), until: this.now() + KEEP_FAILURE_MS };
    }
  }

  private async resolve(name: string): Promise<{ addresses: LookupAddress[]; seconds: number }> {
    const ofFile = (await this.hostsFile()).get(name.replace(/\.$/, ''));
    if (ofFile !== undefined) return { addresses: ofFile.map(addressOf), seconds: KEEP_S.least };
    try {
      return await this.askServers(name);
    } catch (error) {
      const code = codeOf(error);
      const isUnknown = code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME';
      if (!NO_RESOLVER.has(code) && !(this.options.asksSystem && isUnknown)) throw error;
      return { addresses: await this.askSystem(name), seconds: KEEP_S.least };
    }
  }

  private async askServers(name: string): Promise<{ addresses: LookupAddress[]; seconds: number }> {
    const four = this.resolver.resolve4(name, { ttl: true });
    const six = this.resolver.resolve6(name, { ttl: true });
    const both = await Promise.allSettled([inTime(four, six), inTime(six, four)]);
    const found = both.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (found.length === 0) {
      const [first] = both;
      throw first.status === 'rejected' ? first.reason : failure('ENODATA', name);
    }
    return {
      addresses: found.map(({ address }) => addressOf(address)),
      seconds: Math.min(...found.map(({ ttl }) => ttl)),
    };
  }

  private askSystem(name: string): Promise<LookupAddress[]> {
    const { system = systemLookup } = this.options;
    return this.system.run(
      'getaddrinfo',
      () =>
        new Promise<LookupAddress[]>((resolve, reject) => {
          system(name, { all: true }, (error, found) => {
            const addresses = typeof found === 'string' ? [addressOf(found)] : found;
            if (error !== null || addresses.length === 0) reject(error ?? failure('ENODATA', name));
            else resolve(addresses);
          });
        }),
    );
  }

  private hostsFile(): Promise<Map<string, string[]>> | Map<string, string[]> {
    return this.hosts.get(() => readHostsFile(this.options.hostsFile ?? HOSTS_FILE));
  }
}

/** The answer of one address family; none if it has not come a moment after that of the other family. */
async function inTime<T>(own: Promise<T[]>, other: Promise<unknown>): Promise<T[]> {
  const patience = other.then(
    () => raceTimeout<T[]>(RESOLUTION_DELAY_MS, own, () => []),
    () => own,
  );
  return Promise.race([own, patience]);
}

function within<T>(ms: number, work: Promise<T>, name: string): Promise<T> {
  return raceTimeout(ms, work, () => {
    throw failure('ETIMEOUT', name);
  });
}

function addressOf(address: string): LookupAddress {
  return { address, family: isIP(address) };
}

function isOther(family: number, wanted: number | 'IPv4' | 'IPv6'): boolean {
  const number = wanted === 'IPv4' ? 4 : wanted === 'IPv6' ? 6 : wanted;
  return number !== 0 && family !== number;
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'EAI_FAIL';
}

function failure(code: string, name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${name} cannot be looked up`), { code, hostname: name });
}

import { GuardedClient, type Download, type DownloadOptions, type GuardedClientOptions } from '#libs/net';
import type { OriginWay } from './link-refresher.js';

export type OriginClientOptions = Omit<GuardedClientOptions, 'exemptOrigins' | 'exemptProxy' | 'userAgent'> & {
  userAgent: string;
};

/**
 * Downloads pictures that upstreams link to. The origin that an operator configured for an upstream is exempt from the
 * egress policy, but only for links of that same upstream: one upstream cannot make the gateway read another one.
 */
export class OriginClient {
  /** Clients by the id of the upstream; "": the one for links of no upstream. */
  private readonly clients = new Map<string, GuardedClient>();

  /** @param wayTo how an upstream is reached; null: nothing is exempt for it */
  constructor(
    private readonly options: OriginClientOptions,
    private readonly wayTo: (upstreamId: string) => OriginWay | null,
  ) {}

  /** Begins a download. @param upstreamId the upstream that gave the link; null: none @throws OutboundError */
  download(url: string, upstreamId: string | null, options: DownloadOptions): Promise<Download> {
    return this.clientFor(upstreamId).download(url, options);
  }

  /** Breaks off every download. */
  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private clientFor(upstreamId: string | null): GuardedClient {
    const known = this.clients.get(upstreamId ?? '');
    if (known !== undefined) return known;
    // Read for each call, because operators may change how an upstream is reached.
    const way = (): OriginWay | null => (upstreamId === null ? null : this.wayTo(upstreamId));
    const made = new GuardedClient({
      ...this.options,
      userAgent: () => way()?.userAgent ?? this.options.userAgent,
      exemptOrigins: () => new Set([way()?.origin].filter((origin) => origin !== undefined)),
      exemptProxy: () => way()?.proxy ?? null,
    });
    this.clients.set(upstreamId ?? '', made);
    return made;
  }
}

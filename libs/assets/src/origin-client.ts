import { GuardedClient, type Download, type DownloadOptions, type GuardedClientOptions } from '#libs/net';

/**
 * Downloads of what upstreams link to. The origin that an operator configured for an upstream is exempt from the
 * egress policy, but only for links of that same upstream: one upstream cannot make the gateway read another one.
 */
export class OriginClient {
  private readonly clients = new Map<string, GuardedClient>();

  /** @param originOf the configured origin (`http://10.0.0.5:8080`) of an upstream; null: none is exempt */
  constructor(
    private readonly options: Omit<GuardedClientOptions, 'exemptOrigins'>,
    private readonly originOf: (upstreamId: string) => string | null,
  ) {}

  /** @throws OutboundError */
  download(url: string, upstreamId: string | null, options: DownloadOptions): Promise<Download> {
    const origin = upstreamId === null ? null : this.originOf(upstreamId);
    return this.clientFor(origin).download(url, options);
  }

  /** Ends every download. */
  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private clientFor(origin: string | null): GuardedClient {
    const key = origin ?? '';
    const known = this.clients.get(key);
    if (known !== undefined) return known;
    const exempt: ReadonlySet<string> = new Set(origin === null ? [] : [origin]);
    const made = new GuardedClient({ ...this.options, exemptOrigins: () => exempt });
    this.clients.set(key, made);
    return made;
  }
}

import { finished, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OutboundError, type Download } from '#libs/net';
import type { Asset } from '../keep/asset.entity.js';
import type { AssetOptions } from '../asset-options.js';
import type { LinkRefresher } from './link-refresher.js';
import type { PictureOrigin } from './picture-origin.js';
import { PictureGate } from './picture-download.js';
import { PictureRefusedError } from '../format/picture-size.js';
import type { PictureType } from '../format/picture-type.js';

/** The result of opening a picture at its origin. `busy`: too many proxied pictures are open */
export type ProxiedPicture =
  | { kind: 'proxied'; body: Readable; type: PictureType; bytes: number | null }
  | { kind: 'unavailable' }
  | { kind: 'timeout' }
  | { kind: 'busy' };

/** From the look-up of the host to the last byte that the client took, ms. */
const PROXY_MS = 120_000;
const MAX_HOPS = 2;
const GONE: ReadonlySet<number> = new Set([403, 404, 410]);

/**
 * Proxies pictures from their origin while they cannot be kept: verified by their first bytes, and never held in memory
 * as a whole.
 */
export class PictureProxy {
  /** Proxied pictures at a time: each holds a connection to an origin and one to a client, which may be slow. */
  static readonly MAX_OPEN = 16;

  private openCount = 0;

  constructor(
    private readonly origin: PictureOrigin,
    private readonly links: LinkRefresher,
    private readonly options: Pick<AssetOptions, 'maxImageBytes' | 'maxVideoBytes'>,
  ) {}

  /** Proxied pictures that are open now. */
  get count(): number {
    return this.openCount;
  }

  /** Opens a picture at its origin. The caller reads the body to its end or destroys it. */
  async open(asset: Asset): Promise<ProxiedPicture> {
    if (this.openCount >= PictureProxy.MAX_OPEN) return { kind: 'busy' };
    this.openCount += 1;
    let isOpened = false;
    try {
      const answer = await this.fetch(asset);
      if (answer === null) return { kind: 'unavailable' };
      const body = await this.verified(asset, answer);
      isOpened = true;
      finished(body.stream, () => (this.openCount -= 1));
      return { kind: 'proxied', body: body.stream, type: body.type, bytes: lengthOf(answer) };
    } catch (error) {
      if (error instanceof PictureRefusedError) return { kind: 'unavailable' };
      if (error instanceof OutboundError) return { kind: error.kind === 'timeout' ? 'timeout' : 'unavailable' };
      throw error;
    } finally {
      if (!isOpened) this.openCount -= 1;
    }
  }

  private async fetch(asset: Asset): Promise<Download | null> {
    const first = await this.download(asset, asset.sourceUrl);
    if (first.status === 200) return first;
    first.body.destroy();
    if (!GONE.has(first.status)) return null;
    const link = await this.links.freshLink(asset).catch(() => null);
    if (link === null || link === asset.sourceUrl) return null;
    const second = await this.download(asset, link);
    if (second.status === 200) return second;
    second.body.destroy();
    return null;
  }

  private download(asset: Asset, url: string): Promise<Download> {
    const { kind } = asset;
    return this.origin.download(asset, url, {
      deadlineMs: PROXY_MS,
      maxBytes: kind === 'image' ? this.options.maxImageBytes : this.options.maxVideoBytes,
      maxHops: MAX_HOPS,
      accept: `${kind}/*`,
    });
  }

  /** Waits for the first bytes and verifies the type by them. @throws PictureRefusedError; OutboundError */
  private async verified({ kind }: Asset, answer: Download): Promise<{ stream: Readable; type: PictureType }> {
    const gate = new PictureGate(kind, answer.headers['content-type']);
    const ended = pipeline(answer.body, gate);
    const begun = new Promise<void>((resolve) => gate.once('readable', resolve));
    // A later failure is one of the body, which its reader sees.
    ended.catch(() => undefined);
    await Promise.race([begun, ended]);
    return { stream: gate, type: gate.result().type };
  }
}

function lengthOf({ headers }: Download): number | null {
  const length = Number(headers['content-length']);
  return Number.isSafeInteger(length) && length > 0 ? length : null;
}

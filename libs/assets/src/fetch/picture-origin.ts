import { Readable } from 'node:stream';
import { OutboundError, type Download, type DownloadOptions } from '#libs/net';
import type { AssetKey } from '../keep/asset.entity.js';
import { bytesOfDataUrl, isInline } from './inline-picture.js';
import type { LinkRefresher } from './link-refresher.js';
import type { OriginClient } from './origin-client.js';

/** The task and the upstream of a picture. */
export interface PictureOwner {
  taskId: string;
  upstreamId: string | null;
}

/**
 * Reads pictures of upstreams at their origin: by the link that the upstream gave or, where its answer held the picture
 * itself, by asking the upstream again.
 */
export class PictureOrigin {
  constructor(
    private readonly client: OriginClient,
    private readonly links: LinkRefresher,
  ) {}

  /** Begins to download a picture. @throws OutboundError */
  async download({ taskId, upstreamId }: PictureOwner, url: string, options: DownloadOptions): Promise<Download> {
    if (!isInline(url)) return this.client.download(url, upstreamId, options);
    const text = await this.links.inlinePicture(taskId, url);
    if (text === null) return { status: 404, headers: {}, body: Readable.from([]), url };
    const bytes = bytesOfDataUrl(text);
    if (bytes.length > options.maxBytes) throw new OutboundError('too_large', 'body');
    const headers = { 'content-length': String(bytes.length) };
    return { status: 200, headers, body: Readable.from([bytes]), url };
  }

  /** A fresh link of the picture; null where its upstream gives none. @throws the upstream's error */
  freshLink(asset: AssetKey): Promise<string | null> {
    return this.links.freshLink(asset);
  }

  /** Breaks off every download. */
  async close(): Promise<void> {
    await this.client.close();
  }
}

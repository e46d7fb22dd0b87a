import { Readable } from 'node:stream';
import { OutboundError, readCapped, type Download, type DownloadOptions } from '#libs/net';
import { gridPlaces } from '#libs/wire';
import type { Asset, AssetKey } from '../keep/asset.entity.js';
import type { GridComposer } from './grid-composer.js';
import { bytesOfDataUrl, isInline } from './inline-picture.js';
import type { LinkRefresher } from './link-refresher.js';
import type { OriginClient } from './origin-client.js';

/** The task and the upstream of a picture. */
export interface PictureOwner {
  taskId: string;
  upstreamId: string | null;
}

/** Most bytes of single pictures that a grid holds in memory, of those that are not kept. */
const MAX_UNKEPT_BYTES = 40 * 1024 * 1024;
const GONE: ReadonlySet<number> = new Set([403, 404, 410]);

/**
 * Reads pictures of upstreams at their origin: by the link that the upstream gave or, where its answer held the picture
 * itself, by asking the upstream again. A grid that its upstream does not give is composed of its single pictures.
 */
export class PictureOrigin {
  constructor(
    private readonly client: OriginClient,
    private readonly links: LinkRefresher,
    private readonly grids: GridComposer,
  ) {}

  /** Begins to download a picture. @throws OutboundError, PictureRefusedError, FileMissingError */
  async download({ taskId, upstreamId }: PictureOwner, url: string, options: DownloadOptions): Promise<Download> {
    const places = gridPlaces(url);
    if (places !== null) return this.composed(taskId, places, url, options);
    if (!isInline(url)) return this.client.download(url, upstreamId, options);
    const text = await this.links.inlinePicture(taskId, url);
    if (text === null) return { status: 404, headers: {}, body: Readable.from([]), url };
    const bytes = bytesOfDataUrl(text);
    if (bytes.length > options.maxBytes) throw new OutboundError('too_large', 'body');
    return answerOf(bytes, url);
  }

  /** A fresh link of the picture; null where its upstream gives none. @throws the upstream's error */
  freshLink(asset: AssetKey): Promise<string | null> {
    return this.links.freshLink(asset);
  }

  private async composed(
    taskId: string,
    places: readonly (number | null)[],
    url: string,
    options: DownloadOptions,
  ): Promise<Download> {
    let left = MAX_UNKEPT_BYTES;
    const bytes = await this.grids.compose(taskId, places, async (single) => {
      const read = await this.bytesOf(single, { ...options, maxBytes: Math.min(left, options.maxBytes) });
      left -= read.length;
      return read;
    });
    return bytes === null ? { status: 503, headers: {}, body: Readable.from([]), url } : answerOf(bytes, url);
  }

  private async bytesOf(single: Asset, options: DownloadOptions): Promise<Buffer> {
    let answer = await this.download(single, single.sourceUrl, options);
    if (GONE.has(answer.status)) {
      answer.body.destroy();
      const link = await this.freshLink(single).catch(() => null);
      if (link !== null && link !== single.sourceUrl) answer = await this.download(single, link, options);
    }
    if (answer.status === 200) return readCapped(answer.body, options.maxBytes);
    answer.body.destroy();
    throw new OutboundError('protocol', 'answer', 'status');
  }

  /** Breaks off every download. */
  async close(): Promise<void> {
    await this.client.close();
  }
}

function answerOf(bytes: Uint8Array, url: string): Download {
  return { status: 200, headers: { 'content-length': String(bytes.length) }, body: Readable.from([bytes]), url };
}

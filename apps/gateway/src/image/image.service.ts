import { Injectable, Logger } from '@nestjs/common';
import type { Readable } from 'node:stream';
import {
  etagOf,
  FileMissingError,
  layoutOf,
  PictureProxy,
  PictureCutter,
  PictureReader,
  PreviewCache,
  recipeFor,
  type Asset,
  type AssetKind,
  type GridCell,
  type KeptFile,
  type OpenedPicture,
  type ProxiedPicture,
  type UnstoredPicture,
  type VariantRequest,
} from '#libs/assets';
import type { PictureRow } from '#libs/tracking';
import { aspectOf, isTerminal } from '#libs/wire';
import { MjError } from '../http/errors/mj-error.js';
import { ResourceGauges } from '../traffic/resource-gauges.js';
import { PictureLookUp, type AskedPicture } from './picture-look-up.js';
import { parseQuery } from './picture-query.js';
import { asItIs, fromMemory, nameWith, fromOrigin, type ServedPicture } from './served-picture.js';
import { RETRY_AFTER } from '../http/errors/retry-after.js';

/** A grid of four 1,024 px PNGs has some 8 MiB; two of them at most are in memory at a time. */
const MAX_UNKEPT_GRID_BYTES = 20 * 1024 * 1024;

type FoundPicture = Extract<OpenedPicture, { kind: 'kept' | 'unkept' }>;

/** Finds what a picture URL means and has it made where needed. */
@Injectable()
export class ImageService {
  private readonly log = new Logger(ImageService.name);

  constructor(
    private readonly lookUp: PictureLookUp,
    private readonly pictures: PictureReader,
    private readonly previews: PreviewCache,
    private readonly proxy: PictureProxy,
    private readonly cutter: PictureCutter,
    gauges: ResourceGauges,
  ) {
    gauges.add({ name: 'passed_pictures', limit: PictureProxy.MAX_OPEN, used: () => proxy.count });
  }

  /**
   * @throws MjError not_found, picture_withheld, width_is_invalid, format_is_invalid, too_many_requests, pictures_busy,
   *   picture_unavailable, picture_too_large, picture_timeout; PermitRefusedError
   */
  async find(asked: AskedPicture): Promise<ServedPicture> {
    const variant = parseQuery(asked.query);
    const task = await this.lookUp.find(asked);
    const n = readNumber(asked.n);
    if (!isTerminal(task.status)) return this.preview(task, asked, n);
    if (task.status !== 'SUCCESS') throw new MjError('not_found');
    const name = n === 0 ? asked.id : `${asked.id}-${n}`;
    if (asked.kind === 'video') {
      if (n < 1 || n > task.videoCount) throw new MjError('not_found');
      const found = await this.open(task, 'video', n);
      return found.kind === 'kept' ? asItIs(found.file, name, true) : this.passOn(found.asset, name);
    }
    if (n > task.pictureCount) throw new MjError('not_found');
    if (task.withheld?.includes(n) === true) throw new MjError('picture_withheld');
    if (n > 0 && task.picturesFrom === 'crop') return this.cut(task, n, variant, { name, asker: asked.address });
    const found = await this.open(task, 'image', n);
    if (found.kind === 'unkept') return this.passOn(found.asset, name);
    return this.served(found.file, { ...variant, cell: null }, name, asked.address);
  }

  /** Picture `n` of a grid that the upstream gave as one picture. @throws MjError not_found where its place is unknown */
  private async cut(
    task: PictureRow,
    n: number,
    variant: Omit<VariantRequest, 'cell'>,
    { name, asker }: { name: string; asker: string },
  ): Promise<ServedPicture> {
    const cellIn = (size: { width: number; height: number }): GridCell | null => {
      const layout = layoutOf(task.pictureCount, size, aspectOf(task.gridPrompt ?? ''));
      return layout === null ? null : { n, ...layout };
    };
    const found = await this.open(task, 'image', 0);
    if (found.kind === 'unkept') return this.cutOnItsWay(found.asset, variant, cellIn, name, asker);
    const { width, height } = found.file;
    const cell = width === null || height === null ? null : cellIn({ width, height });
    if (cell === null) throw new MjError('not_found');
    return this.served(found.file, { ...variant, cell }, name, asker);
  }

  private async preview(task: PictureRow, asked: AskedPicture, n: number): Promise<ServedPicture> {
    if (asked.kind !== 'image' || n !== 0 || task.imageUrl === null) throw new MjError('not_found');
    const { id, upstreamId, imageUrl } = task;
    const preview = await this.previews.get({ taskId: id, upstreamId, url: imageUrl });
    switch (preview.kind) {
      case 'preview':
        return fromMemory(preview.bytes, preview.type, asked.id);
      case 'unavailable':
        throw new MjError('picture_unavailable');
      case 'timeout':
        throw new MjError('picture_timeout');
      case 'busy':
        throw new MjError('pictures_busy', { retryAfter: RETRY_AFTER.pictures });
    }
  }

  private async open(task: PictureRow, kind: AssetKind, n: number): Promise<FoundPicture> {
    const opened = await this.pictures.open({ taskId: task.id, kind, n });
    switch (opened.kind) {
      case 'kept':
      case 'unkept':
        return opened;
      case 'none':
        throw new MjError('not_found');
      case 'unavailable':
        throw new MjError('picture_unavailable');
      case 'timeout':
        throw new MjError('picture_timeout');
    }
  }

  /** A picture that cannot be converted is served as it is; a quarter of it cannot be served. */
  private async served(source: KeptFile, variant: VariantRequest, name: string, asker: string): Promise<ServedPicture> {
    const recipe = recipeFor(source, variant);
    if (recipe === null) return asItIs(source, name, true);
    const cut = await this.cutter.variant(source, recipe, asker).catch((error: unknown) => this.refuseMissing(error));
    if (cut.kind === 'ready') {
      const { file, bytes, contentType } = cut;
      const etag = etagOf(source, recipe);
      return { kind: 'file', file, bytes, etag, contentType, fileName: nameWith(name, contentType), isFinal: true };
    }
    if ((cut.kind === 'too_large' || cut.kind === 'late') && recipe.cell === null) {
      return asItIs(source, name, cut.kind === 'too_large');
    }
    return cutOrRefused(cut, name);
  }

  private refuseMissing(error: unknown): never {
    if (!(error instanceof FileMissingError)) throw error;
    this.log.error(error.message);
    throw new MjError('picture_unavailable');
  }

  /** While pictures cannot be stored they are passed on as they are: width and format are ignored, quarters are cut. */
  private async passOn(asset: Asset, name: string): Promise<ServedPicture> {
    return fromOrigin(await this.proxied(asset), name);
  }

  private async cutOnItsWay(
    asset: Asset,
    variant: Omit<VariantRequest, 'cell'>,
    cellIn: (size: { width: number; height: number }) => GridCell | null,
    name: string,
    asker: string,
  ): Promise<ServedPicture> {
    const { body } = await this.proxied(asset);
    try {
      return cutOrRefused(await this.cutter.ofBytes(() => collect(body), variant, cellIn, asker), name);
    } finally {
      body.destroy();
    }
  }

  private async proxied(asset: Asset): Promise<Extract<ProxiedPicture, { kind: 'proxied' }>> {
    const picture = await this.proxy.open(asset);
    switch (picture.kind) {
      case 'proxied':
        return picture;
      case 'unavailable':
        throw new MjError('picture_unavailable');
      case 'timeout':
        throw new MjError('picture_timeout');
      case 'busy':
        throw new MjError('pictures_busy', { retryAfter: RETRY_AFTER.pictures });
    }
  }
}

/** @throws MjError pictures_busy, picture_unavailable, picture_too_large */
function cutOrRefused(cut: UnstoredPicture, name: string): ServedPicture {
  switch (cut.kind) {
    case 'in_memory':
      return fromMemory(cut.body, cut.contentType, name);
    case 'busy':
      throw new MjError('pictures_busy', { retryAfter: RETRY_AFTER.pictures });
    case 'unreadable':
      throw new MjError('picture_unavailable');
    case 'too_large':
    case 'late':
      throw new MjError('picture_too_large');
  }
}

/** Reads a grid into memory that is to be cut without being stored. @throws MjError picture_too_large, picture_unavailable */
async function collect(body: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_UNKEPT_GRID_BYTES) throw new MjError('picture_too_large');
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof MjError ? error : new MjError('picture_unavailable');
  }
  return Buffer.concat(chunks);
}

/** 0 for the task's own picture. @throws MjError not_found for what is no number from 1 to 99 */
function readNumber(n: string | null): number {
  if (n === null) return 0;
  if (!/^[1-9]\d?$/.test(n)) throw new MjError('not_found');
  return Number(n);
}

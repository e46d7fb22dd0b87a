import { Inject, Injectable } from '@nestjs/common';
import {
  etagOf,
  PICTURE_TYPES,
  PictureCutter,
  Pictures,
  PreviewCache,
  recipeFor,
  type AssetKind,
  type KeptFile,
  type PictureType,
  type Quarter,
  type VariantWish,
} from '#libs/assets';
import { SecretBox } from '#libs/database';
import { TaskRepository, type PictureRow } from '#libs/tracking';
import { isTerminal, parseTaskId } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError } from '../http/mj-error.js';
import { admitsSignature } from './picture-signature.js';
import { parseQuery, type PictureQuery } from './picture-query.js';
import { UnknownIdLimiter } from './unknown-id-limiter.js';

/** Which picture a URL means, as it came. */
export interface AskedPicture {
  kind: AssetKind;
  id: string;
  /** One of several, from 1; null: the task's own picture. */
  n: string | null;
  query: PictureQuery;
  /** Who asks, for the limit of unknown ids. */
  address: string;
}

/** What to send: a file of the store, for ever the same, or the preview of a task that runs. */
export type ServedPicture =
  | {
      kind: 'file';
      file: string;
      bytes: number;
      etag: string;
      contentType: PictureType;
      fileName: string;
      /** False: it stands in for what could not be made now, and another one may be sent next time. */
      isFinal: boolean;
    }
  | { kind: 'preview'; body: Buffer; contentType: PictureType; fileName: string };

/** Seconds after which a conversion that found no room may be asked for again. */
const BUSY_RETRY_S = 2;

/** Finds what a picture URL means and has it made where needed. */
@Injectable()
export class ImageService {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly pictures: Pictures,
    private readonly previews: PreviewCache,
    private readonly cutter: PictureCutter,
    private readonly limiter: UnknownIdLimiter,
    private readonly secrets: SecretBox,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /**
   * @throws MjError not_found, width_is_invalid, format_is_invalid, too_many_requests, pictures_busy,
   *   picture_unavailable, picture_too_large, picture_timeout
   */
  async find(asked: AskedPicture): Promise<ServedPicture> {
    const wish = parseQuery(asked.query);
    const task = await this.findTask(asked);
    const n = readNumber(asked.n);
    if (!isTerminal(task.status)) return this.preview(task, asked, n);
    if (task.status !== 'SUCCESS') throw new MjError('not_found');
    const fileName = n === 0 ? asked.id : `${asked.id}-${n}`;
    if (asked.kind === 'video') {
      if (n < 1 || n > task.videoCount) throw new MjError('not_found');
      return asItIs(await this.kept(task, 'video', n), fileName, true);
    }
    if (n > task.pictureCount) throw new MjError('not_found');
    const isQuarter = n > 0 && task.picturesFrom === 'crop';
    const source = await this.kept(task, 'image', isQuarter ? 0 : n);
    return this.served(source, { ...wish, quarter: isQuarter ? (n as Quarter) : null }, fileName, asked.address);
  }

  private async findTask({ id, address, query }: AskedPicture): Promise<PictureRow> {
    if (!this.limiter.admits(address)) throw this.tooMany(address);
    // A link without its signature is answered like one to nothing.
    const mayBe = parseTaskId(id) === id && admitsSignature(this.secrets, this.environment, id, query.s);
    const task = mayBe ? await this.tasks.findPicture(id) : null;
    if (task !== null) return task;
    throw this.limiter.countUnknown(address) ? new MjError('not_found') : this.tooMany(address);
  }

  private tooMany(address: string): MjError {
    return new MjError('too_many_requests', { retryAfter: this.limiter.retryAfter(address) });
  }

  private async preview(task: PictureRow, asked: AskedPicture, n: number): Promise<ServedPicture> {
    if (asked.kind !== 'image' || n !== 0 || task.imageUrl === null) throw new MjError('not_found');
    const { id, upstreamId, imageUrl } = task;
    const preview = await this.previews.get({ taskId: id, upstreamId, url: imageUrl });
    switch (preview.kind) {
      case 'preview': {
        const fileName = nameWith(asked.id, preview.type);
        return { kind: 'preview', body: preview.bytes, contentType: preview.type, fileName };
      }
      case 'unavailable':
        throw new MjError('picture_unavailable');
      case 'timeout':
        throw new MjError('picture_timeout');
      case 'busy':
        throw new MjError('pictures_busy', { retryAfter: BUSY_RETRY_S });
    }
  }

  private async kept(task: PictureRow, kind: AssetKind, n: number): Promise<KeptFile> {
    const opened = await this.pictures.open({ taskId: task.id, kind, n });
    switch (opened.kind) {
      case 'kept':
        return opened.file;
      case 'none':
        throw new MjError('not_found');
      case 'unavailable':
        throw new MjError('picture_unavailable');
      case 'timeout':
        throw new MjError('picture_timeout');
    }
  }

  /** What cannot be converted is served as it is; a part of it cannot be. */
  private async served(source: KeptFile, wish: VariantWish, name: string, asker: string): Promise<ServedPicture> {
    const recipe = recipeFor(source, wish);
    if (recipe === null) return asItIs(source, name, true);
    const cut = await this.cutter.variant(source, recipe, asker);
    switch (cut.kind) {
      case 'ready': {
        const { file, bytes, contentType } = cut;
        const etag = etagOf(source, recipe);
        return { kind: 'file', file, bytes, etag, contentType, fileName: nameWith(name, contentType), isFinal: true };
      }
      case 'busy':
        throw new MjError('pictures_busy', { retryAfter: BUSY_RETRY_S });
      case 'unreadable':
        throw new MjError('picture_unavailable');
      case 'medium':
        if (recipe.quarter !== null) throw new MjError('pictures_busy', { retryAfter: BUSY_RETRY_S });
        return asItIs(source, name, false);
      case 'too_large':
      case 'late':
        if (recipe.quarter !== null) throw new MjError('picture_too_large');
        return asItIs(source, name, cut.kind === 'too_large');
    }
  }
}

function asItIs(source: KeptFile, name: string, isFinal: boolean): ServedPicture {
  const { file, bytes, contentType } = source;
  const etag = etagOf(source, null);
  return { kind: 'file', file, bytes, etag, contentType, fileName: nameWith(name, contentType), isFinal };
}

/** 0 for the task's own picture. @throws MjError not_found for what is no number from 1 to 99 */
function readNumber(n: string | null): number {
  if (n === null) return 0;
  if (!/^[1-9]\d?$/.test(n)) throw new MjError('not_found');
  return Number(n);
}

function nameWith(name: string, type: PictureType): string {
  return `${name}.${PICTURE_TYPES[type].extension}`;
}

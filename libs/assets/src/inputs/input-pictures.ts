import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import type { SecretBox } from '#libs/database';
import { PICTURE_TYPES, SNIFF_BYTES, sniffType, type PictureType } from '../format/picture-type.js';
import { PictureRefusedError } from '../format/picture-size.js';
import type { ImageStore } from '../store/image-store.js';
import type { StoreHealth } from '../store/store-health.js';
import type { StoreIdentity } from '../store/store-identity.js';
import { hashOfToken, inputToken, inputUrl, type InputUse } from './input-link.js';
import type { InputTable, PublishedPicture } from './input-table.js';
import type { ConvertedMask, MaskConverter } from './mask-converter.js';

/** A picture of a task, and the upstream that is to fetch it. */
export interface InputToPublish {
  taskId: string;
  upstreamId: string;
  bytes: Uint8Array;
}

/** There is no address under which an upstream could fetch a picture, no store to keep it in, or no room to convert it. */
export class InputsUnavailableError extends Error {
  override readonly name = 'InputsUnavailableError';

  constructor(
    readonly reason: 'no_public_url' | 'store' | 'converters',
    cause?: unknown,
  ) {
    super(`pictures cannot be served by link: ${reason}`, { cause });
  }
}

/**
 * Gives pictures a link under PUBLIC_URL, from which upstreams that take links only fetch them, on any replica. A link is
 * unguessable and bound to one picture of one task; the same picture of the same task has the same link. The link of an input
 * ends 6 h after it was last given out, or 1 h after the end of its task; that of an upload lives as long as pictures are kept.
 */
export class InputPictures {
  constructor(
    private readonly table: InputTable,
    private readonly masks: MaskConverter,
    private readonly store: ImageStore,
    private readonly identity: StoreIdentity,
    private readonly health: StoreHealth,
    private readonly secrets: SecretBox,
    private readonly publicUrl: string | null,
  ) {}

  /**
   * @returns an absolute URL, which is valid when this returns
   * @throws InputsUnavailableError without PUBLIC_URL; PictureRefusedError for bytes that are no picture;
   *   DatabaseUnavailableError
   */
  async publish({ taskId, upstreamId, bytes }: InputToPublish): Promise<string> {
    const { url, picture } = this.describe('input', taskId, bytes);
    if (!(await this.table.renew(picture.tokenHash, upstreamId))) {
      await this.table.addInput({ ...picture, upstreamId, content: bytes });
    }
    return url;
  }

  /** Converts a mask as {@link MaskConverter} does. @param asker whoever it is for; each has a fair share */
  convertMask(bytes: Uint8Array, asker: string): Promise<ConvertedMask> {
    return this.masks.convert(bytes, asker);
  }

  /**
   * Hosts an upload for upstreams that have no uploads of their own.
   * @throws InputsUnavailableError also where the picture store cannot be written to; else as `publish`
   */
  async keepUpload({ taskId, bytes }: Pick<InputToPublish, 'taskId' | 'bytes'>): Promise<string> {
    const { url, picture } = this.describe('upload', taskId, bytes);
    if (await this.table.renewUpload(picture.tokenHash)) return url;
    if (this.identity.problem() !== null) throw new InputsUnavailableError('store');
    const file = `uploads/${taskId}-${randomUUID()}.${PICTURE_TYPES[picture.contentType].extension}`;
    await this.table.planUpload(file);
    await this.put(file, bytes);
    await this.table.addUpload({ ...picture, file });
    return url;
  }

  /** @throws InputsUnavailableError, PictureRefusedError */
  private describe(use: InputUse, taskId: string, bytes: Uint8Array): { url: string; picture: PublishedPicture } {
    if (this.publicUrl === null) throw new InputsUnavailableError('no_public_url');
    const contentType = typeOf(bytes);
    const token = inputToken(this.secrets, use, taskId, bytes);
    const picture = { tokenHash: hashOfToken(token), taskId, contentType, bytes: bytes.length };
    return { url: inputUrl(this.publicUrl, token, contentType), picture };
  }

  /** @throws InputsUnavailableError */
  private async put(file: string, bytes: Uint8Array): Promise<void> {
    let scratch: string | null = null;
    try {
      await this.health.write(async () => {
        scratch = await this.store.scratchFile();
        await writeFile(scratch, bytes);
        await this.store.put(file, scratch);
      });
    } catch (error) {
      throw new InputsUnavailableError('store', error);
    } finally {
      if (scratch !== null) await rm(scratch, { force: true }).catch(() => undefined);
    }
  }
}

/** @throws PictureRefusedError */
function typeOf(bytes: Uint8Array): PictureType {
  const type = sniffType(bytes.subarray(0, SNIFF_BYTES));
  if (type === null) throw new PictureRefusedError('type');
  return type;
}

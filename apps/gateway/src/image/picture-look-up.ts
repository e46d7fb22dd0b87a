import { Inject, Injectable } from '@nestjs/common';
import type { AssetKind } from '#libs/assets';
import { SecretBox } from '#libs/database';
import { TaskRepository, type PictureRow } from '#libs/tracking';
import { parseTaskId } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError } from '../http/errors/mj-error.js';
import { ReadPermits } from '../traffic/read-permits.js';
import { ResourceGauges } from '../traffic/resource-gauges.js';
import type { PictureQuery } from './picture-query.js';
import { admitsSignature } from './picture-signature.js';
import { UnknownIdLimiter } from './unknown-id-limiter.js';

/** The picture that a URL asks for; its parts are not validated yet. */
export interface AskedPicture {
  kind: AssetKind;
  id: string;
  /** One of several, from 1; null: the task's own picture. */
  n: string | null;
  query: PictureQuery;
  /** Who asks, for the limits of strangers. */
  address: string;
  /** Aborted when whoever asks has left. */
  signal: AbortSignal;
}

/** Finds the task of a picture for strangers: links may be signed, and whoever guesses ids is soon refused. */
@Injectable()
export class PictureLookUp {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly limiter: UnknownIdLimiter,
    private readonly secrets: SecretBox,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly permits: ReadPermits,
    gauges: ResourceGauges,
  ) {
    const { limits } = permits.pictures;
    gauges.add({ name: 'picture_look_ups', limit: limits.total, used: () => permits.pictures.held });
  }

  /** @throws MjError not_found, too_many_requests; PermitRefusedError */
  async find({ id, address, query, signal }: AskedPicture): Promise<PictureRow> {
    if (!this.limiter.admits(address)) throw this.tooMany(address);
    // A link without its signature is answered like an unknown id.
    const mayBe = parseTaskId(id) === id && admitsSignature(this.secrets, this.environment, id, query.s);
    const task = mayBe ? await this.permits.picture(address, () => this.tasks.findPicture(id), signal) : null;
    if (task !== null) return task;
    throw this.limiter.countUnknown(address) ? new MjError('not_found') : this.tooMany(address);
  }

  private tooMany(address: string): MjError {
    return new MjError('too_many_requests', { retryAfter: this.limiter.retryAfter(address) });
  }
}

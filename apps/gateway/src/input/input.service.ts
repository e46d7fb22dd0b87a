import { Injectable, Logger } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { FileMissingError, InputReader, type ByteSpan, type LinkedPicture } from '#libs/assets';
import { Database, logFailure } from '#libs/database';
import { noteLinksFetched } from '#libs/upstream';
import { MjError } from '../http/errors/mj-error.js';
import { ReadPermits } from '../traffic/read-permits.js';
import { InputLinkLimiter } from './input-link-limiter.js';

/** Who asks for an input. `signal`: aborted when whoever asks has left. */
export interface InputAsker {
  address: string;
  signal: AbortSignal;
}

/** Opens inputs for whoever has their link: upstreams, which have no key. */
@Injectable()
export class InputService {
  private readonly log = new Logger(InputService.name);

  constructor(
    private readonly inputs: InputReader,
    private readonly limiter: InputLinkLimiter,
    private readonly permits: ReadPermits,
    private readonly database: Database,
  ) {}

  /** @throws MjError not_found, too_many_requests; PermitRefusedError, DatabaseUnavailableError */
  async find(name: string, { address, signal }: InputAsker): Promise<LinkedPicture> {
    if (!this.limiter.admits(address)) throw this.tooMany(address);
    const mayBe = InputReader.mayBe(name);
    const picture = mayBe ? await this.permits.picture(address, () => this.inputs.find(name), signal) : null;
    if (picture !== null) return picture;
    throw this.limiter.countUnknown(address) ? new MjError('not_found') : this.tooMany(address);
  }

  /** Opens a part of a picture. @throws MjError picture_unavailable; PermitRefusedError, DatabaseUnavailableError */
  async read(picture: LinkedPicture, span: ByteSpan, { address, signal }: InputAsker): Promise<Readable> {
    try {
      return await this.inputs.read(picture, span, (read) => this.permits.picturePiece(address, read, signal), signal);
    } catch (error) {
      if (!(error instanceof FileMissingError)) throw error;
      this.log.error(error.message);
      throw new MjError('picture_unavailable');
    }
  }

  /** Records that a link was followed, and that its upstream reaches links of ours. Never throws. */
  async noteFetch(picture: LinkedPicture): Promise<void> {
    try {
      const upstreamId = await this.inputs.noteFetch(picture);
      if (upstreamId !== null) await noteLinksFetched(this.database, upstreamId);
    } catch (error) {
      logFailure(this.log, 'the reach of an upstream was not recorded', error);
    }
  }

  private tooMany(address: string): MjError {
    return new MjError('too_many_requests', { retryAfter: this.limiter.retryAfter(address) });
  }
}

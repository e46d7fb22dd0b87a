import { Injectable, Logger } from '@nestjs/common';
import { InputPictures, InputsUnavailableError, PictureRefusedError, type ConvertedMask } from '#libs/assets';
import { DatabaseUnavailableError } from '#libs/database';
import {
  hasInlinePictures,
  isPictureLink,
  type Outcome,
  type Picture,
  type SubmitCommand,
  type UpstreamTarget,
} from '#libs/upstream';
import type { Task } from '../../task/task.entity.js';
import { bytesOfPicture, maskOf, withLinks, withMask, withSizes } from './command-pictures.js';

/** A command as its upstream takes it; or what came of it without a call to the upstream. */
export type Prepared = { kind: 'ready'; command: SubmitCommand } | { kind: 'settled'; outcome: Outcome };

/** A mask that no upstream can be given; the words are for the client. */
class MaskRefusedError extends Error {}

const NOTHING_SENT: Outcome = { kind: 'nothing_done', fault: 'connect' };

/**
 * Prepares the pictures of a command for one upstream before anything is sent to it: links instead of inline pictures, and
 * masks in which white means repaint, where its kind wants them; uploads that the gateway hosts are done here. All pictures
 * have their links before the first call, so that nothing is half sent.
 */
@Injectable()
export class InputPreparer {
  private readonly log = new Logger(InputPreparer.name);

  constructor(private readonly inputs: InputPictures) {}

  /**
   * Does not throw: where it fails, nothing was sent. `settled` is an upload that is done, a refusal that names the mask or
   * picture at fault, or `nothing_done` where database, store or converters are not available.
   */
  async prepare(task: Task, up: UpstreamTarget, command: SubmitCommand): Promise<Prepared> {
    const { uploads } = up.capabilities;
    try {
      if (command.kind === 'upload' && uploads === 'gateway') return await this.keepUploads(task, command.images);
      if (!hasInlinePictures(command)) return { kind: 'ready', command };
      return { kind: 'ready', command: await this.withPictures(task, up, command) };
    } catch (error) {
      return { kind: 'settled', outcome: this.outcomeOf(error, task) };
    }
  }

  private async keepUploads({ id: taskId }: Task, images: readonly Picture[]): Promise<Prepared> {
    const urls: string[] = [];
    for (const image of images) {
      urls.push(isPictureLink(image) ? image : await this.inputs.keepUpload({ taskId, bytes: bytesOfPicture(image) }));
    }
    return { kind: 'settled', outcome: { kind: 'uploaded', urls } };
  }

  /** @throws MaskRefusedError, and what InputPictures throws */
  private async withPictures(task: Task, up: UpstreamTarget, command: SubmitCommand): Promise<SubmitCommand> {
    const { inputs, masks } = up.capabilities;
    const publish = (bytes: Uint8Array): Promise<string> =>
      this.inputs.publish({ taskId: task.id, upstreamId: up.id, bytes });
    const linked =
      inputs === 'links'
        ? await withLinks(await withSizes(command), (picture) => publish(bytesOfPicture(picture)))
        : command;
    const mask = maskOf(linked);
    if (mask === null || isPictureLink(mask)) return linked;
    if (masks === 'as_given')
      return inputs === 'links' ? withMask(linked, await publish(bytesOfPicture(mask))) : linked;
    const png = maskBytes(await this.inputs.convertMask(bytesOfPicture(mask), task.apiKeyId));
    return withMask(
      linked,
      inputs === 'links' ? await publish(png) : `data:image/png;base64,${png.toString('base64')}`,
    );
  }

  private outcomeOf(error: unknown, { id: taskId }: Task): Outcome {
    if (error instanceof MaskRefusedError) return { kind: 'refused', code: 4, words: error.message };
    if (error instanceof PictureRefusedError) return { kind: 'refused', code: 4, words: 'A picture cannot be read' };
    // The database tells of its outages itself.
    if (!(error instanceof DatabaseUnavailableError)) {
      const cause = error instanceof InputsUnavailableError ? error.reason : String(error);
      this.log.warn({ msg: 'the pictures of a task could not be prepared, and nothing was sent', taskId, cause });
    }
    return NOTHING_SENT;
  }
}

/** @throws MaskRefusedError, InputsUnavailableError */
function maskBytes(mask: ConvertedMask): Buffer {
  switch (mask.kind) {
    case 'converted':
      return mask.bytes;
    case 'unreadable':
      throw new MaskRefusedError('The mask cannot be read');
    case 'too_large':
      throw new MaskRefusedError('The mask is too large');
    case 'busy':
      throw new InputsUnavailableError('converters');
  }
}

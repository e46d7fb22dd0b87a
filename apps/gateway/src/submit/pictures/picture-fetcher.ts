import { Injectable, Logger } from '@nestjs/common';
import { LINKED_INPUT_LIMITS, LinkedInputs, type LinkedInput } from '#libs/assets';
import { PictureText, type Picture } from '#libs/upstream';
import { MjError } from '../../http/errors/mj-error.js';
import { readInlinePicture } from './inline-picture.js';
import { LinkedPicture, type TakePicture } from './picture.js';
import { RETRY_AFTER } from '../../http/errors/retry-after.js';

/** Most base64 of all pictures that one request links to: as much as a body may bring. */
const MAX_BASE64_BYTES = 32 * 1024 * 1024;

/** Pictures that were fetched for a request; their memory counts until it is released. */
export interface FetchedPictures {
  take: TakePicture;
  release: () => void;
}

/** For requests without links. */
export const NOTHING_FETCHED: FetchedPictures = { take: (given) => inline(given), release: () => undefined };

/** Whose request it is, for quotas and for the log. */
export interface Asker {
  keyId: string;
  requestId: string;
}

/** Fetches the pictures that a submit links to, all of them within one deadline, and validates them like inline ones. */
@Injectable()
export class PictureFetcher {
  private readonly log = new Logger(PictureFetcher.name);

  constructor(private readonly inputs: LinkedInputs) {}

  /**
   * All of these pictures, or none.
   * @throws MjError `link_is_invalid` where nothing could be fetched, `pictures_busy`, and what is said of pictures inline
   */
  async fetch(links: readonly LinkedPicture[], asker: Asker): Promise<FetchedPictures> {
    if (links.length === 0) return NOTHING_FETCHED;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), LINKED_INPUT_LIMITS.deadlineMs);
    const releases: (() => void)[] = [];
    const release = (): void => releases.splice(0).forEach((end) => end());
    try {
      const taking = links.map(async (link) => this.takeOne(link, asker, abort.signal, releases));
      // The first failure cancels the other fetches: the request is refused.
      taking.forEach((one) => void one.catch(() => abort.abort()));
      const found = await allSettled(taking);
      return { take: await this.judge(links, found), release };
    } catch (error) {
      release();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async takeOne(
    { url, field }: LinkedPicture,
    { keyId, requestId }: Asker,
    signal: AbortSignal,
    releases: (() => void)[],
  ): Promise<PictureText> {
    const found: LinkedInput = await this.inputs.take(keyId, url, signal);
    switch (found.kind) {
      case 'fetched':
        releases.push(found.leave);
        return new PictureText('', found.base64);
      case 'too_large':
        throw new MjError('image_too_large', { properties: { field } });
      case 'busy':
        throw new MjError('pictures_busy', { retryAfter: RETRY_AFTER.pictures });
      case 'unreachable':
        this.log.log({ msg: 'a linked picture could not be fetched', field, fault: found.fault, requestId });
        throw new MjError('link_is_invalid', { properties: { field } });
    }
  }

  private async judge(links: readonly LinkedPicture[], found: readonly PictureText[]): Promise<TakePicture> {
    const pictures = new Map<LinkedPicture, Picture>();
    let bytes = 0;
    for (const [at, link] of links.entries()) {
      const picture = found[at];
      if (picture === undefined) continue;
      bytes += picture.length;
      if (bytes > MAX_BASE64_BYTES) throw new MjError('image_too_large', { properties: { field: link.field } });
      pictures.set(link, await readInlinePicture(picture, link.field));
    }
    return (given) => (given instanceof LinkedPicture ? fetched(pictures.get(given)) : given);
  }
}

/** All results, once nothing is under way any more. @throws the error that came first */
async function allSettled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = Promise.all(work);
  await Promise.allSettled([results, ...work]);
  return results;
}

function inline(given: Picture | LinkedPicture): Picture {
  return given instanceof LinkedPicture ? fetched(undefined) : given;
}

function fetched(picture: Picture | undefined): Picture {
  if (picture === undefined) throw new Error('a linked picture was asked for before it was fetched');
  return picture;
}

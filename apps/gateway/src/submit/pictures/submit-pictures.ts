import { Injectable } from '@nestjs/common';
import type { Work } from '#libs/upstream';
import { InputPictures } from './input-pictures.js';
import { PictureFetcher, type Asker } from './picture-fetcher.js';
import { linksIn, withPictures, type PlannedWork } from './planned-work.js';

/** Work whose pictures can be sent. */
export interface ReadyWork {
  work: Work;
  /** Gives the memory of fetched pictures back, once the work was sent. */
  release: () => void;
}

/** Makes the pictures of a submit ready to be sent: links are fetched, formats that upstreams do not take are converted. */
@Injectable()
export class SubmitPictures {
  constructor(
    private readonly fetcher: PictureFetcher,
    private readonly inputs: InputPictures,
  ) {}

  /** @throws MjError link_is_invalid, base64_is_invalid, image_too_large, pictures_busy */
  async prepare(planned: PlannedWork, asker: Asker): Promise<ReadyWork> {
    const { take, release } = await this.fetcher.fetch(linksIn(planned), asker);
    try {
      return { work: await this.inputs.converted(withPictures(planned, take), asker.keyId), release };
    } catch (error) {
      release();
      throw error;
    }
  }
}

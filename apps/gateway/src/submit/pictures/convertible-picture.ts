import type { ForeignFormat } from '#libs/assets';
import { PictureText } from '#libs/upstream';

/** A picture in a format that upstreams do not take; it is to be converted before it is sent. */
export class ConvertiblePicture extends PictureText {
  /** @param field where the body has it, for errors */
  constructor(
    pieces: readonly Buffer[],
    readonly format: ForeignFormat,
    readonly field: string,
  ) {
    super('', pieces);
  }
}

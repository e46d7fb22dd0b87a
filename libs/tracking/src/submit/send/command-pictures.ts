import { shownSizeFromHeader, SNIFF_BYTES, sniffType } from '#libs/assets';
import {
  isPictureLink,
  pictureHead,
  PictureText,
  type Picture,
  type PictureSize,
  type SubmitCommand,
} from '#libs/upstream';

/** Gives what stands in the place of a picture from now on. */
type Replace = (picture: Picture) => Promise<Picture>;

/** The bytes of an inline picture: a data URL, or base64. */
export function bytesOfPicture(picture: Picture): Uint8Array {
  if (picture instanceof PictureText) return picture.read(0, picture.bytes);
  const head = pictureHead(picture.slice(0, PictureText.MAX_HEAD), true) ?? '';
  return Buffer.from(picture.slice(head.length), 'base64');
}

/** An edit or retexture with the sizes of its inline pictures, for upstreams that draw on a canvas; other commands as they are. */
export async function withSizes(command: SubmitCommand): Promise<SubmitCommand> {
  if (command.kind !== 'edits' && command.kind !== 'retexture') return command;
  const sizes: (PictureSize | null)[] = [];
  for (const image of command.images) sizes.push(isPictureLink(image) ? null : await sizeOf(image));
  return sizes.every((size) => size === null) ? command : { ...command, sizes };
}

/** The size of a picture as it is shown, px; null where its header tells none. */
async function sizeOf(picture: Picture): Promise<PictureSize | null> {
  const read = readerOf(picture);
  const type = sniffType(read(0, SNIFF_BYTES));
  return type === null ? null : shownSizeFromHeader(type, read);
}

/** Reads parts of an inline picture. Of a large one no more is decoded than is asked for. */
function readerOf(picture: Picture): (offset: number, length: number) => Uint8Array {
  if (picture instanceof PictureText) return (offset, length) => picture.read(offset, length);
  const bytes = bytesOfPicture(picture);
  return (offset, length) => bytes.subarray(offset, offset + length);
}

/** The mask of a command; null: it has none. */
export function maskOf(command: SubmitCommand): Picture | null {
  return command.kind === 'modal' || command.kind === 'action' ? (command.mask ?? null) : null;
}

/** The command with another mask. One that has none stays as it is. */
export function withMask(command: SubmitCommand, mask: Picture): SubmitCommand {
  return maskOf(command) === null ? command : ({ ...command, mask } as SubmitCommand);
}

/**
 * The command with every inline picture but its mask replaced by a link, one after the other, so that no two of them are in
 * memory as bytes. Links stay.
 * @param publish gives the link of a picture
 */
export async function withLinks(
  command: SubmitCommand,
  publish: (inline: Picture) => Promise<string>,
): Promise<SubmitCommand> {
  const link: Replace = async (picture) => (isPictureLink(picture) ? picture : publish(picture));
  switch (command.kind) {
    case 'imagine':
    case 'blend':
    case 'upload':
      return { ...command, images: await inTurn(command.images, link) };
    case 'edits':
    case 'retexture': {
      const [first, ...others] = command.images;
      return { ...command, images: [await link(first), ...(await inTurn(others, link))] };
    }
    case 'describe':
      return command.image === null ? command : { ...command, image: null, link: String(await link(command.image)) };
    case 'video': {
      const image = command.image === null ? null : await link(command.image);
      return { ...command, image, endImage: command.endImage === null ? null : await link(command.endImage) };
    }
    case 'swap': {
      const source = await link(command.source);
      return { ...command, source, target: await link(command.target) };
    }
    case 'modal':
    case 'action':
    case 'shorten':
    case 'change':
      return command;
  }
}

async function inTurn(pictures: readonly Picture[], replace: Replace): Promise<Picture[]> {
  const replaced: Picture[] = [];
  for (const picture of pictures) replaced.push(await replace(picture));
  return replaced;
}

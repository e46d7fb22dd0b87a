import { SecretBox } from '#libs/database';
import { PictureLinks } from '#libs/wire';
import type { Environment } from '../config/environment.js';

const PURPOSE = 'picture';

/** The links that this gateway gives out, as IMAGE_LINKS and LINK_ENDINGS say. */
export function pictureLinksOf(secrets: SecretBox, { IMAGE_LINKS, LINK_ENDINGS }: Environment): PictureLinks {
  const sign = IMAGE_LINKS === 'signed' ? (taskId: string): string => secrets.mac(PURPOSE, taskId) : null;
  return new PictureLinks(sign, LINK_ENDINGS);
}

/** Whether the pictures of a task may be shown to somebody whose link carries this signature. */
export function admitsSignature(
  secrets: SecretBox,
  { IMAGE_LINKS }: Environment,
  taskId: string,
  signature: unknown,
): boolean {
  return IMAGE_LINKS === 'open' || (typeof signature === 'string' && secrets.verifies(PURPOSE, taskId, signature));
}

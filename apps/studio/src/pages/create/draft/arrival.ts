import { batch } from '@preact/signals';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { isKindName, KINDS, slotKey } from '../kinds.ts';
import { readPictureFile, type Picture } from '../pictures/picture.ts';
import { draft, setPictures, writeText } from './draft.ts';

/** What a link to this page brings along: `?mode=…&prompt=…&image=<picture path of this gateway>`. */
export type Arrival = Readonly<Record<string, string>>;

export function bringsSomething({ mode, prompt, image }: Arrival): boolean {
  return mode !== undefined || prompt !== undefined || image !== undefined;
}

/**
 * Takes over what a link brings. Pictures are read from this gateway only: a link of a page may not make it send pictures from
 * elsewhere. @returns false where the picture could not be read
 */
export async function arrive({ mode, prompt, image }: Arrival): Promise<boolean> {
  const name = isKindName(mode) ? mode : draft.kind.value;
  batch(() => {
    draft.kind.value = name;
    if (prompt !== undefined) writeText(prompt, name);
  });
  const [slot] = KINDS[name].slots;
  if (image === undefined || slot === undefined) return true;
  const picture = await readFromGateway(image);
  if (picture === null) return false;
  const key = slotKey(name, slot);
  const before = draft.pictures.value[key] ?? [];
  setPictures(key, slot.most === 1 ? [picture] : [...before, picture].slice(-slot.most));
  return true;
}

async function readFromGateway(path: string): Promise<Picture | null> {
  const url = pictureUrl(path);
  if (url === '') return null;
  try {
    const response = await fetch(url);
    if (!response.ok) return null;
    const bytes = await response.blob();
    const name = new URL(url).pathname.split('/image/').at(-1)?.replaceAll('/', '-') ?? 'picture';
    const read = await readPictureFile(new File([bytes], name, { type: bytes.type }));
    return 'data' in read ? read : null;
  } catch {
    return null;
  }
}

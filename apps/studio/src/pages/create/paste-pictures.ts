import { draft, kindNow, picturesIn, setPictures } from './draft/draft.ts';
import { slotKey } from './kinds.ts';
import { readPictureFile, type Picture, type PictureFault } from './pictures/picture.ts';

/**
 * Puts pasted pictures into the first slot of the chosen kind that has room. Pasted text stays with the field it was pasted into.
 *
 * @returns why some were not taken
 */
export async function pastePictures(event: ClipboardEvent): Promise<readonly PictureFault[]> {
  const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
  if (files.length === 0) return [];
  event.preventDefault();
  const kind = kindNow.value;
  const read = await Promise.all(files.map(readPictureFile));
  const faults = read.filter((one): one is PictureFault => 'fault' in one);
  let waiting = read.filter((one): one is Picture => 'data' in one);
  if (draft.kind.value !== kind.name) return faults;
  for (const slot of kind.slots) {
    const before = picturesIn(kind.name, slot);
    const room = slot.most - before.length;
    if (room <= 0 || waiting.length === 0) continue;
    setPictures(slotKey(kind.name, slot), [...before, ...waiting.slice(0, room)]);
    waiting = waiting.slice(room);
  }
  const most = kind.slots.reduce((sum, slot) => sum + slot.most, 0);
  return waiting.length === 0 ? faults : [...faults, { fault: 'too-many', most }];
}

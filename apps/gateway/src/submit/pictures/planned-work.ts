import type { Picture, Work } from '#libs/upstream';
import { LinkedPicture, type GivenPicture, type TakePicture } from './picture.js';

/** A field of pictures in which links may stand. */
type WithLinks<Value> = Value extends readonly unknown[] ? GivenPicture[] : Value | LinkedPicture;

type Planned<Kind> = Kind extends unknown
  ? {
      [Field in keyof Kind]: Field extends 'images' | 'source' | 'target' | 'mask'
        ? WithLinks<Kind[Field]>
        : Kind[Field];
    }
  : never;

/** Work as its client asked for it: some of its pictures are links that the gateway is still to fetch. */
export type PlannedWork = Planned<Work>;

/** The pictures of a work that have to be fetched, in the order of its fields. */
export function linksIn(work: PlannedWork): LinkedPicture[] {
  return Object.values(work)
    .flat()
    .filter((value) => value instanceof LinkedPicture);
}

/** The work with pictures in the place of its links; the same one where it has none. */
export function withPictures(work: PlannedWork, take: TakePicture): Work {
  const taken: Record<string, Picture | Picture[]> = {};
  for (const [field, value] of Object.entries(work) as [string, unknown][]) {
    if (value instanceof LinkedPicture) taken[field] = take(value);
    else if (Array.isArray(value) && value.some((one) => one instanceof LinkedPicture))
      taken[field] = (value as GivenPicture[]).map(take);
  }
  return { ...work, ...taken } as Work;
}

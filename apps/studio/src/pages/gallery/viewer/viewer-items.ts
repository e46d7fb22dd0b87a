import type { Task } from '../../../api/client.ts';

/** Something that the viewer shows by itself. */
export interface ViewerItem {
  /** Id of the task that made it. */
  taskId: string;
  kind: 'grid' | 'picture' | 'film';
  /** Number of the picture or film, from 1; 0: the grid as a whole, or the only one. */
  number: number;
  /** Its public link. */
  link: string;
  /** Of a film: a still picture; '' for none. */
  poster: string;
}

type Made = Pick<Task, 'id' | 'imageUrl' | 'imageUrls' | 'videoUrl' | 'videoUrls'>;

const NUMBER = /\/(\d{1,3})(?:\.\w+)?(?:\?.*)?$/;

/** What a task has made: its films; or the grid and then each of its pictures; or its only picture. */
export function itemsOf({ id, imageUrl, imageUrls, videoUrl, videoUrls }: Made): ViewerItem[] {
  const films = (videoUrls ?? []).map(({ url }) => url);
  if (films.length === 0 && videoUrl !== '') films.push(videoUrl);
  if (films.length > 0) {
    return films.map((link, at): ViewerItem => {
      const number = films.length === 1 ? 0 : numberOf(link, at + 1);
      return { taskId: id, kind: 'film', number, link, poster: imageUrl };
    });
  }
  const item = (kind: 'grid' | 'picture', number: number, link: string): ViewerItem => ({
    taskId: id,
    kind,
    number,
    link,
    poster: '',
  });
  const singles = (imageUrls ?? []).map(({ url }, at) => item('picture', numberOf(url, at + 1), url));
  // One picture that is left of a grid has its number yet: the others were withheld.
  const isGrid = singles.length > 1 || (singles[0]?.number ?? 1) > 1;
  if (isGrid) return [...(imageUrl === '' ? [] : [item('grid', 0, imageUrl)]), ...singles];
  const [only] = singles;
  if (imageUrl !== '') return [item('picture', 0, imageUrl)];
  return only === undefined ? [] : [{ ...only, number: 0 }];
}

/** The place of a number among items; the first where there is none. */
export function placeOf(items: readonly ViewerItem[], number: number): number {
  return Math.max(
    0,
    items.findIndex((item) => item.number === number),
  );
}

/** Whether two are the same. */
export function isSame(one: ViewerItem, other: ViewerItem): boolean {
  return one.taskId === other.taskId && one.number === other.number;
}

/** What is shown beside an item when it is compared: the next of its task, the grid last, else the first of its relatives. */
export function counterpart(
  item: ViewerItem,
  own: readonly ViewerItem[],
  relatives: readonly ViewerItem[],
): ViewerItem | null {
  const at = own.findIndex((one) => isSame(one, item));
  const others = [...own.slice(at + 1), ...own.slice(0, Math.max(at, 0))].filter(({ kind }) => kind !== 'film');
  const related = relatives.filter(({ kind }) => kind === 'picture');
  return (
    others.find(({ kind }) => kind === item.kind) ??
    related[0] ??
    others[0] ??
    relatives.find(({ kind }) => kind === 'grid') ??
    null
  );
}

function numberOf(link: string, otherwise: number): number {
  const number = Number(NUMBER.exec(link)?.[1] ?? Number.NaN);
  return Number.isNaN(number) ? otherwise : number;
}

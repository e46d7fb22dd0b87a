/** How the name of a composed grid begins: the picture of a task whose upstream gave single pictures only. */
const SCHEME = 'grid:';
const WITHHELD = '-';

/**
 * The name that stands in place of a link for a grid that is composed of the task's single pictures: their numbers in
 * order, `-` for a place whose picture was withheld; `grid:1,2,-,4`.
 * @param isShown for each place, from the first, whether its picture is there
 */
export function gridName(isShown: readonly boolean[]): string {
  return SCHEME + isShown.map((shown, at) => (shown ? String(at + 1) : WITHHELD)).join(',');
}

/** The places of a composed grid: the numbers of its pictures, null for a withheld one. Null: the name of no such grid. */
export function gridPlaces(name: string): (number | null)[] | null {
  if (!name.startsWith(SCHEME)) return null;
  return name
    .slice(SCHEME.length)
    .split(',')
    .map((place) => (place === WITHHELD ? null : Number(place)));
}

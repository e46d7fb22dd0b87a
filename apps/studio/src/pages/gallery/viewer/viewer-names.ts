import type { Task } from '../../../api/client.ts';
import { buttonKind } from '../actions/button-kind.ts';
import { taskText } from '../action-text.ts';
import { strings } from './strings.ts';
import type { StripGroup } from './viewer-strip.tsx';
import { itemsOf, type ViewerItem } from './viewer-items.ts';
import type { Relatives } from './use-relatives.ts';

/** What an item is called among those of its task. */
export function itemName({ kind, number }: ViewerItem): string {
  const { wholeGrid, picture, film, onePicture, oneFilm } = strings.value;
  if (kind === 'grid') return wholeGrid;
  if (number === 0) return kind === 'film' ? oneFilm : onePicture;
  return kind === 'film' ? film(number) : picture(number);
}

/** What an item is called among those of several tasks: "Upscale 2: picture". */
export function nameAmong(task: Task, item: ViewerItem): string {
  const what = taskText(task).replace(/…$/, '');
  return itemsOf(task).length === 1 ? what : strings.value.ofTask(what, itemName(item));
}

/** The small pictures below: what the task has made, what it was made of, and what was made of it. */
export function stripGroups(task: Task, { parent, children }: Relatives): StripGroup[] {
  const { thisTask, madeOf, madeFromIt } = strings.value;
  const named = (of: Task): StripGroup['items'] => itemsOf(of).map((item) => ({ item, name: nameAmong(of, item) }));
  const groups: StripGroup[] = [
    { title: thisTask, items: itemsOf(task).map((item) => ({ item, name: itemName(item) })) },
    { title: madeOf, items: parent === null ? [] : named(parent) },
    // Of each child what stands for it as a whole.
    { title: madeFromIt, items: children.flatMap((child) => named(child).slice(0, 1)) },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

/** What relatives have made, nearest first: an upscale of picture 2 comes from the parent's picture 2. */
export function relatedItems({ customId }: Task, { parent, children }: Relatives): ViewerItem[] {
  const made = parent === null ? [] : itemsOf(parent);
  const origin = made.filter(({ number }) => number > 0 && number === buttonKind(customId).index);
  return [...origin, ...made.filter((item) => !origin.includes(item)), ...children.flatMap(itemsOf)];
}

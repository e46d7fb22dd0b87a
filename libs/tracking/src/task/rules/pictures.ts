import type { Snapshot } from '#libs/upstream';
import { gridName, mayDrawMany, parseCustomId, type TaskAction } from '#libs/wire';
import type { ChangeBuilder } from '../change-builder.js';
import type { Task } from '../task.entity.js';
import { findsText } from './found-text.js';

/** Actions that make a 2×2 grid; only used if the upstream gives no buttons to count. */
const GRID_ACTIONS: ReadonlySet<TaskAction> = new Set([
  'IMAGINE',
  'VARIATION',
  'LOW_VARIATION',
  'HIGH_VARIATION',
  'REROLL',
  'REMIX',
  'BLEND',
  'ZOOM',
  'PAN',
  'EDITS',
  'RETEXTURE',
]);
/** Keys of the buttons of one picture of a grid. */
const OF_PICTURE = /^(?:upsample|variation)::/;
const USUAL_PICTURES = 4;
/** The most that the column picture_count takes. */
const MOST_PICTURES = 64;
/** Actions that may end without a picture or video of their own: the result is a text, or is not known in advance. */
const PICTURELESS_ACTIONS: ReadonlySet<TaskAction> = new Set(['DESCRIBE', 'SHORTEN', 'UPLOAD', 'MODAL', 'ACTION']);

/**
 * Whether a snapshot reports SUCCESS without a picture for an action that makes one. An earlier preview does not count.
 */
export function lacksPicture({ action }: Task, { imageUrl, imageUrls, videoUrls }: Snapshot): boolean {
  return !PICTURELESS_ACTIONS.has(action) && imageUrl === null && imageUrls.length === 0 && videoUrls.length === 0;
}

/** Whether every picture that the task made was moderated away, so that none will ever come. */
export function isAllWithheld(task: Task, { imageUrls, videoUrls }: Snapshot): boolean {
  const hasSingles = imageUrls.length > 0 && videoUrls.length === 0;
  return hasSingles && imageUrls.every((url) => url === null) && !findsText(task);
}

/**
 * The link of the task's own picture; null: the snapshot shows none. Of a finished task with several single pictures and
 * no whole one it is the name of the grid that the gateway composes of them.
 */
export function wholePicture({ status, imageUrl, imageUrls, isIncomplete }: Snapshot): string | null {
  const first = imageUrl ?? imageUrls.find((url) => url !== null) ?? null;
  const isDone = status === 'SUCCESS' && isIncomplete !== true;
  const isComposed = isDone && imageUrl === null && first !== null && imageUrls.length > 1;
  return isComposed ? gridName(imageUrls.map((url) => url !== null)) : first;
}

/** The buttons of a finished task without the U and V of pictures that were withheld, which some upstreams show. */
export function usableButtons({ buttons, imageUrls }: Snapshot): Snapshot['buttons'] {
  return buttons.filter(({ customId }) => {
    const button = parseCustomId(customId);
    if (button.kind !== 'button' || button.index === null || !OF_PICTURE.test(button.key)) return true;
    return imageUrls[button.index - 1] !== null;
  });
}

/** Writes down which pictures and videos a finished task has, and that they are to be kept. */
export function takePictures(change: ChangeBuilder, snapshot: Snapshot): void {
  const { task } = change;
  const { imageUrls, videoUrls } = snapshot;
  const quarters = imageUrls.length === 0 && task.imageUrl !== null ? gridSize(task, snapshot) : 0;
  if (imageUrls.length > 0) {
    const withheld = imageUrls.flatMap((url, at) => (url === null ? [at + 1] : []));
    change.set({ pictureCount: imageUrls.length, picturesFrom: 'upstream' });
    if (withheld.length > 0) change.set({ withheld });
  } else if (quarters > 1) {
    change.set({ pictureCount: quarters, picturesFrom: 'crop' });
  }
  change.set({ videoCount: videoUrls.length });
  if (task.imageUrl !== null) change.want('image', 0, task.imageUrl);
  imageUrls.forEach((url, at) => {
    if (url !== null) change.want('image', at + 1, url);
  });
  videoUrls.forEach((url, at) => change.want('video', at + 1, url));
}

/** How many pictures the task's picture is a grid of, by its upscale buttons; 0: of none, or nobody can tell. */
function gridSize(task: Task, { buttons, videoUrls }: Snapshot): number {
  if (buttons.length > 0) {
    const numbers = buttons.map(({ customId }) => upscaledBy(customId));
    const most = Math.max(...numbers);
    return most <= MOST_PICTURES ? most : 0;
  }
  const isUsual = GRID_ACTIONS.has(task.action) && videoUrls.length === 0;
  return isUsual && !mayDrawMany(`${task.prompt} ${task.finalPrompt}`) ? USUAL_PICTURES : 0;
}

/** The number of the picture that an upscale button is for; 0: of another button. */
function upscaledBy(customId: string): number {
  const button = parseCustomId(customId);
  return button.kind === 'button' && button.key.startsWith('upsample::') ? (button.index ?? 0) : 0;
}

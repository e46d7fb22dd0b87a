import type { Task } from '../../../api/client.ts';
import { buttonKind } from '../actions/button-kind.ts';

/** What a window asks for. */
export type WindowKind = 'region' | 'zoom' | 'video' | 'imagine' | 'remix';

/** Which window a task waits for. Every task has one: what is not known asks for a prompt. */
export function windowKind({ action, customId }: Pick<Task, 'action' | 'customId'>): WindowKind {
  switch (action) {
    case 'INPAINT':
      return 'region';
    case 'CUSTOM_ZOOM':
      return 'zoom';
    case 'VIDEO':
      return 'video';
    case 'IMAGINE':
      return 'imagine';
    default:
      return buttonKind(customId).name === 'region' ? 'region' : 'remix';
  }
}

/** Link of the picture that a window is about: of a grid the one that its button names. '': there is none. */
export function pictureOf({ imageUrl, imageUrls }: Pick<Task, 'imageUrl' | 'imageUrls'>, customId: string): string {
  const { index } = buttonKind(customId);
  if (index === null || imageUrls === null || imageUrls.length < 2) return imageUrl;
  return imageUrls.find(({ url }) => new RegExp(`/${index}(?:\\.\\w+)?(?:\\?|$)`).test(url))?.url ?? imageUrl;
}

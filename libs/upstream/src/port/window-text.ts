import type { TaskAction } from '#libs/wire';

/** The zoom that the window of a custom zoom proposes. */
const PROPOSED_ZOOM = 2;

/** The text that a window shows: none for a region, the zoom to be changed for a custom zoom, else the prompt of its parent. */
export function windowText(action: TaskAction, parentPrompt: string): string {
  if (action === 'INPAINT') return '';
  return action === 'CUSTOM_ZOOM'
    ? `${withoutFlag(parentPrompt, 'zoom')} --zoom ${PROPOSED_ZOOM}`.trim()
    : parentPrompt;
}

/** A prompt without a flag and the number behind it, if any. */
export function withoutFlag(prompt: string, name: string): string {
  return prompt.replace(new RegExp(`(?:^|\\s+)--${name}(?:\\s+[\\d.]+)?(?=\\s|$)`, 'gi'), '').trim();
}

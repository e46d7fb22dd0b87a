import type { ButtonView } from '#libs/wire';
import { integerOf, isObject, textOf } from '../../json/json-field.js';
import { customIdToShow, withoutTaskIds } from '../task-ids.js';

const MOST_BUTTONS = 64;
const USUAL_STYLE = 2;

/** The buttons of a task as the vendor gives them, with every field, and without ids of its tasks. */
export function buttonsOf(value: unknown, taskId: string): ButtonView[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isObject)
    .slice(0, MOST_BUTTONS)
    .map((button) => ({
      customId: customIdToShow(textOf(button['customId'] ?? button['custom_id'], 512), taskId),
      emoji: withoutTaskIds(textOf(button['emoji'], 64)),
      label: withoutTaskIds(textOf(button['label'], 128)),
      type: 2,
      style: integerOf(button['style']) ?? USUAL_STYLE,
    }))
    .filter(({ customId }) => customId !== '');
}

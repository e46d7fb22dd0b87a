import { buttonKind } from './actions/button-kind.ts';
import { buttonText } from './actions/button-label.ts';
import type { Task } from '../../api/client.ts';
import { foundTexts } from './card/found-texts.ts';
import { wordOf } from '../../components/words.ts';
import { TEXT_ACTIONS } from './grid/picture-ratio.ts';
import { strings } from './strings.ts';

/** The same, told by the button that was pressed where it was one: "Upscale 2". */
export function taskText({ action, customId }: Task): string {
  const kind = buttonKind(customId);
  if (customId === '' || kind.name === null) return wordOf(action);
  // A button that opens a window ends in dots; what came of it does not.
  return buttonText({ customId, emoji: '', label: '', type: 2, style: 2 }, kind, 1).replace(/…$/, '');
}

/** What a task is called where there is little room. */
export function titleOf(task: Task): string {
  if (TEXT_ACTIONS.has(task.action) && task.status === 'SUCCESS') return foundTexts(task)[0] ?? wordOf(task.action);
  return (
    task.prompt.trim() || task.properties.finalPrompt.trim() || `${wordOf(task.action)}, ${strings.value.card.untitled}`
  );
}

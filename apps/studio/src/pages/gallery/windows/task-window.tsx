import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { PromptWindow } from './prompt-window.tsx';
import { RegionWindow } from './region-window.tsx';
import { windowKind } from './window-kind.ts';
import { ZoomWindow } from './zoom-window.tsx';

/** What every window is given. */
export interface WindowProps {
  task: Task;
  onClose: () => void;
  /** Called with the task's id once the gateway has taken it. */
  onConfirmed: (id: string) => void;
}

/** The window that a task of status MODAL waits for: what belongs into it depends on the task's action. */
export function TaskWindow(props: WindowProps): VNode {
  switch (windowKind(props.task)) {
    case 'region':
      return <RegionWindow {...props} />;
    case 'zoom':
      return <ZoomWindow {...props} />;
    default:
      return <PromptWindow {...props} />;
  }
}

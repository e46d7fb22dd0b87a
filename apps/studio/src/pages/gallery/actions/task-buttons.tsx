import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { useDesk } from '../desk.ts';
import { BUTTON_GROUPS, buttonKind, type ButtonGroup, type ButtonKind } from './button-kind.ts';
import { buttonIcon, buttonPrice, buttonText, buttonTitle, type TaskButton } from './button-label.ts';
import { strings } from './strings.ts';
import { press } from './task-actions.ts';
import styles from './task-buttons.module.css';

/** Buttons of a group that stand as the pictures of a grid do. */
const QUARTERS = 4;

/** A button of a task with what it means. */
export interface KnownButton {
  button: TaskButton;
  kind: ButtonKind;
}

/** A task's buttons that can be pressed, in the upstream's order. Links to elsewhere have no customId. */
export function buttonsOf(task: Task): KnownButton[] {
  return (task.buttons ?? [])
    .filter(({ customId }) => customId !== '')
    .map((button) => ({ button, kind: buttonKind(button.customId) }));
}

/** How many pictures a task's buttons may be for. */
export function pictureCount(task: Task): number {
  return Math.max(task.imageUrls?.length ?? 0, task.videoUrls?.length ?? 0, ...(task.properties.withheld ?? [1]));
}

/** Presses one button, and is busy until it is answered. */
export function TaskButtonPress({
  task,
  of,
  onPressed,
}: {
  task: Task;
  of: KnownButton;
  onPressed?: () => void;
}): VNode {
  const desk = useDesk();
  const isBusy = useSignal(false);
  const { button, kind } = of;
  const pictures = pictureCount(task);
  const title = buttonTitle(button, kind, pictures);
  const price = buttonPrice(kind, task.mode);
  const start = async (): Promise<void> => {
    isBusy.value = true;
    await press(desk, task.id, button.customId, title);
    isBusy.value = false;
    onPressed?.();
  };
  const shown = price === null ? title : strings.value.priced(title, price);
  return (
    <Button
      isSmall
      icon={buttonIcon(kind)}
      isBusy={isBusy.value}
      title={shown}
      aria-label={title}
      onClick={() => void start()}
    >
      {buttonText(button, kind, pictures)}
    </Button>
  );
}

/** All buttons of a task, under headings. @param onPressed called once a press was answered */
export function TaskButtons({ task, onPressed }: { task: Task; onPressed?: () => void }): VNode | null {
  const all = buttonsOf(task);
  if (all.length === 0) return null;
  const of = (group: ButtonGroup): KnownButton[] => all.filter(({ kind }) => kind.group === group);
  const groups = BUTTON_GROUPS.filter((group) => of(group).length > 0);
  return (
    <div class={styles['groups']}>
      {groups.map((group) => (
        <section key={group} class={styles['group']}>
          <h3>{strings.value.groups[group]}</h3>
          <div class={`${styles['buttons']} ${of(group).length === QUARTERS ? (styles['quarters'] ?? '') : ''}`}>
            {of(group).map((known) => (
              <TaskButtonPress key={known.button.customId} task={task} of={known} {...(onPressed && { onPressed })} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

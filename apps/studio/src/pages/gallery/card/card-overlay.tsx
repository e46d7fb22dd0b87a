import { useSignal } from '@preact/signals';
import { Expand, LoaderCircle } from 'lucide';
import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { Icon } from '../../../components/icon.tsx';
import type { ButtonName } from '../actions/button-kind.ts';
import { buttonIcon, buttonPrice, buttonText, buttonTitle } from '../actions/button-label.ts';
import { strings as buttonStrings } from '../actions/strings.ts';
import { press } from '../actions/task-actions.ts';
import { buttonsOf, pictureCount, type KnownButton } from '../actions/task-buttons.tsx';
import { useDesk } from '../desk.ts';
import { strings } from '../strings.ts';
import styles from './card-overlay.module.css';

const QUARTERS = [1, 2, 3, 4];
/** What is offered on the picture itself, first to last; the rest is under "all actions". */
const FIRST: readonly ButtonName[] = [
  'varySubtle',
  'upscaleSubtle',
  'varyStrong',
  'upscaleCreative',
  'zoom2',
  'animateHigh',
  'extendHigh',
  'reroll',
  'region',
];
const PILL_PX = 150;

/** What can be done with a picture, shown over it while it is pointed at or has the focus. */
export function CardOverlay({ task, width }: { task: Task; width: number }): VNode {
  const desk = useDesk();
  const buttons = buttonsOf(task);
  const isGrid = pictureCount(task) === QUARTERS.length && task.videoUrl === '';
  const hasPicture = task.imageUrl !== '' && task.videoUrl === '';
  const reroll = buttons.find(({ kind }) => kind.name === 'reroll');
  return (
    <div class={styles['overlay']}>
      <div class={styles['top']}>
        {isGrid && reroll !== undefined ? <Pill task={task} of={reroll} /> : <span />}
        {hasPicture && (
          <button
            type="button"
            class={styles['pill']}
            title={strings.value.card.full}
            aria-label={strings.value.card.full}
            onClick={() => (desk.viewer.value = { id: task.id, at: 0 })}
          >
            <Icon node={Expand} size={15} />
          </button>
        )}
      </div>
      {isGrid ? (
        QUARTERS.map((n) => (
          <div key={n} class={`${styles['quarter']} ${styles[`quarter${n}`] ?? ''}`}>
            {buttons
              .filter(({ kind }) => kind.index === n && (kind.name === 'upscale' || kind.name === 'vary'))
              .map((known) => (
                <Pill key={known.button.customId} task={task} of={known} isQuarter />
              ))}
          </div>
        ))
      ) : (
        <div class={`${styles['row']} ${task.videoUrl === '' ? '' : styles['aboveControls']}`}>
          {chosen(buttons, Math.max(2, Math.floor(width / PILL_PX) * 2)).map((known) => (
            <Pill key={known.button.customId} task={task} of={known} />
          ))}
        </div>
      )}
    </div>
  );
}

function chosen(buttons: readonly KnownButton[], most: number): KnownButton[] {
  const rank = ({ kind }: KnownButton): number => (kind.name === null ? -1 : FIRST.indexOf(kind.name));
  return buttons
    .filter((known) => rank(known) >= 0)
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, most);
}

function Pill({ task, of, isQuarter = false }: { task: Task; of: KnownButton; isQuarter?: boolean }): VNode {
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
  };
  // The place says which picture is meant.
  const text = isQuarter && kind.name !== null ? buttonStrings.value.names[kind.name] : buttonText(button, kind, 1);
  return (
    <button
      type="button"
      class={styles['pill']}
      disabled={isBusy.value}
      aria-busy={isBusy.value}
      aria-label={title}
      title={price === null ? title : buttonStrings.value.priced(title, price)}
      onClick={() => void start()}
    >
      <Icon node={isBusy.value ? LoaderCircle : buttonIcon(kind)} size={15} />
      <span>{text}</span>
    </button>
  );
}

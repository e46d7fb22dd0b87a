import type { VNode } from 'preact';
import { formatNumber, formatSeconds, formatShare } from '../../../i18n/format.ts';
import { wordOf } from '../../../components/words.ts';
import type { HouseReading } from './house.ts';
import { strings } from './strings.ts';
import { Tile } from './tile.tsx';
import styles from './tile.module.css';

const LATE_SECONDS = 60;
const GOOD_RATIO = 0.9;

/** The numbers of now. */
export function Tiles({ reading: { house, answers } }: { reading: HouseReading }): VNode {
  const texts = strings.value;
  const { now, waiting_by_mode: byMode, upstreams_now: upstreams } = answers;
  const working = house.upstreams.filter(({ isEnabled }) => isEnabled);
  const sum = (of: 'running' | 'slots'): string => formatNumber(working.reduce((all, row) => all + row[of], 0));
  const ratio = house.successRatio;
  const isLate = house.hooksOverdueSeconds >= LATE_SECONDS;
  return (
    <dl class={styles['tiles']} aria-label={texts.numbers}>
      <Tile
        label={texts.open}
        value={formatNumber(house.open)}
        note={texts.openNote(formatNumber(house.waiting))}
        answered={now}
      />
      <Tile
        label={texts.waiting}
        value={house.waitingByMode.length === 0 ? '0' : <Modes waiting={house.waitingByMode} />}
        note={house.waitingByMode.length === 0 ? texts.nobody : ''}
        answered={byMode}
      />
      <Tile
        label={texts.oldest}
        value={house.oldestWaitSeconds === null ? '–' : formatSeconds(house.oldestWaitSeconds)}
        note={house.oldestWaitSeconds === null ? texts.oldestNone : texts.oldestNote}
        answered={now}
      />
      <Tile
        label={texts.slots}
        value={`${sum('running')} / ${sum('slots')}`}
        note={working.length === 1 ? texts.slotsNoteOne : texts.slotsNote(formatNumber(working.length))}
        answered={upstreams}
      />
      <Tile
        label={texts.success}
        value={ratio === null ? '–' : formatShare(ratio)}
        note={
          ratio === null
            ? texts.successNone
            : texts.successNote(formatNumber(house.succeeded), formatNumber(house.failed))
        }
        tone={ratio !== null && ratio < GOOD_RATIO ? 'danger' : 'plain'}
        answered={now}
      />
      <Tile
        label={texts.pending}
        value={formatNumber(house.hooksPending)}
        note={
          house.hooksOverdueSeconds > 0
            ? texts.pendingNote(formatSeconds(house.hooksOverdueSeconds))
            : texts.pendingNone
        }
        tone={isLate ? 'warning' : 'plain'}
        answered={now}
      />
      <Tile
        label={texts.dead}
        value={formatNumber(house.hooksDead)}
        note={house.hooksDead === 0 ? texts.deadNone : texts.deadNote}
        tone={house.hooksDead > 0 ? 'danger' : 'plain'}
        answered={now}
      />
    </dl>
  );
}

function Modes({ waiting }: { waiting: readonly { mode: string; tasks: number }[] }): VNode {
  return (
    <span class={styles['modes']}>
      {waiting.map(({ mode, tasks }) => (
        <b key={mode}>
          {formatNumber(tasks)} <span>{wordOf(mode)}</span>
        </b>
      ))}
    </span>
  );
}

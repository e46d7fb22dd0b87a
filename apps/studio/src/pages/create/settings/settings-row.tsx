import type { VNode } from 'preact';
import { account } from '../../../app/account.ts';
import { CheckField } from '../../../components/field.tsx';
import { changeSettings, draft, kindNow, type Speed } from '../draft/draft.ts';
import { strings } from '../strings.ts';
import { Segments } from './segments.tsx';
import styles from './settings.module.css';

const SPEEDS: readonly Speed[] = ['RELAX', 'FAST', 'TURBO'];

/** Speeds that the key may use. */
function allowedSpeeds(): readonly Speed[] {
  const modes = account.value?.modes ?? null;
  return modes === null ? SPEEDS : SPEEDS.filter((speed) => modes.includes(speed));
}

/** What is chosen with few clicks: speed, bot, and what only this kind of work takes. */
export function SettingsRow(): VNode {
  const texts = strings.value.settings;
  const { name } = kindNow.value;
  const settings = draft.settings.value;
  const speeds = allowedSpeeds();
  const byDefault = SPEEDS.find((speed) => speed === account.value?.defaultMode) ?? 'FAST';
  return (
    <div class={styles['row']}>
      {speeds.length > 1 && (
        <Segments
          label={texts.speed}
          value={settings.speed !== '' && speeds.includes(settings.speed) ? settings.speed : byDefault}
          options={speeds.map((speed) => ({ value: speed, label: texts.speeds[speed] }))}
          onChange={(speed) => changeSettings({ speed })}
        />
      )}
      {name !== 'swap' && name !== 'video' && (
        <Segments
          label={texts.bot}
          value={settings.bot}
          options={[
            { value: 'MID_JOURNEY', label: texts.bots.MID_JOURNEY },
            { value: 'NIJI_JOURNEY', label: texts.bots.NIJI_JOURNEY },
          ]}
          onChange={(bot) => changeSettings({ bot })}
        />
      )}
      {name === 'blend' && (
        <Segments
          label={texts.dimensions}
          value={settings.dimensions}
          options={[
            { value: 'PORTRAIT', label: texts.shapes.PORTRAIT },
            { value: 'SQUARE', label: texts.shapes.SQUARE },
            { value: 'LANDSCAPE', label: texts.shapes.LANDSCAPE },
          ]}
          onChange={(dimensions) => changeSettings({ dimensions })}
        />
      )}
      {name === 'video' && <FilmSettings />}
    </div>
  );
}

function FilmSettings(): VNode {
  const texts = strings.value.settings;
  const { motion, batchSize, isLoop } = draft.settings.value;
  return (
    <>
      <Segments
        isLabelShown
        label={texts.motion}
        value={motion === '' ? 'low' : motion}
        options={[
          { value: 'low', label: texts.motions.low },
          { value: 'high', label: texts.motions.high },
        ]}
        onChange={(chosen) => changeSettings({ motion: chosen })}
      />
      <Segments
        isLabelShown
        label={texts.films}
        value={batchSize === '' ? '4' : batchSize}
        options={[
          { value: '1', label: '1' },
          { value: '2', label: '2' },
          { value: '4', label: '4' },
        ]}
        onChange={(chosen) => changeSettings({ batchSize: chosen })}
      />
      <CheckField label={texts.loop} isChecked={isLoop} onChange={(chosen) => changeSettings({ isLoop: chosen })} />
    </>
  );
}

import type { ButtonView } from '#libs/wire';
import type { Snapshot } from '../../port/snapshot.js';
import { modelNamed } from '../model-name.js';
import { MADE } from '../task-ids.js';
import table from './high-definition.json' with { type: 'json' };

/** Kinds of upscales of each model, by the verbs of their customIds: the vendor takes them, and lists none. */
const HIGH_DEFINITION: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(table.models));
const LABELS: ReadonlyMap<string, string> = new Map(Object.entries(table.labels));
/** Midjourney's id of the job, which every customId of a task carries. */
const JOB_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_PICKED = 4;

/**
 * The buttons of a finished task: those that the vendor gives, and those that it takes or the gateway can do by itself
 * although it gives them for no model (high definition) or not for all (U1 to U4).
 */
export function withMadeButtons(snapshot: Snapshot): ButtonView[] {
  const { buttons, status } = snapshot;
  if (status === 'SUCCESS' && buttons.length === 0 && isGrid(snapshot)) return gridButtons(snapshot);
  const job = jobIdOf(buttons);
  if (status !== 'SUCCESS' || job === null) return buttons;
  return isGrid(snapshot)
    ? [...pickButtons(snapshot, job), ...buttons]
    : isPicture(snapshot)
      ? [...highDefinition(snapshot, job), ...buttons]
      : buttons;
}

/** The buttons of one picture of a grid that the gateway picked. Their work is asked for by the number of the picture. */
export function buttonsOfPicked({ buttons }: Snapshot): ButtonView[] {
  const job = jobIdOf(buttons);
  if (job === null) return [];
  return [
    made(`MJ::JOB::low_variation::1::${job}::SOLO`, 'Vary (Subtle)', '🪄'),
    made(`MJ::JOB::high_variation::1::${job}::SOLO`, 'Vary (Strong)', '🪄'),
    made(`MJ::JOB::animate_high::1::${job}::SOLO`, 'Animate (High motion)', '🎞️'),
    made(`MJ::JOB::animate_low::1::${job}::SOLO`, 'Animate (Low motion)', '🎞️'),
  ];
}

/** The buttons of a grid for which the vendor gave none: its routes take the number of a picture as well. */
function gridButtons(snapshot: Snapshot): ButtonView[] {
  const variations = snapshot.imageUrls
    .slice(0, MOST_PICKED)
    .flatMap((link, at) => (link === null ? [] : [made(`MJ::JOB::variation::${at + 1}::${MADE}`, `V${at + 1}`, '')]));
  return [...pickButtons(snapshot, MADE), made(`MJ::JOB::reroll::0::${MADE}::SOLO`, '', '🔄'), ...variations];
}

/** U1 to U4 of a grid whose model has none at the vendor, without those of pictures that were withheld. */
function pickButtons({ buttons, imageUrls }: Snapshot, job: string): ButtonView[] {
  if (buttons.some(({ customId }) => hasVerb(customId, /^upsample$/))) return [];
  return imageUrls
    .slice(0, MOST_PICKED)
    .flatMap((link, at) => (link === null ? [] : [made(`MJ::JOB::upsample::${at + 1}::${job}`, `U${at + 1}`, '')]));
}

/** Upscales of a single picture by its model. One that is upscaled already has another row of buttons. */
function highDefinition({ buttons, prompt }: Snapshot, job: string): ButtonView[] {
  const isUpscaled = buttons.some(({ customId }) => hasVerb(customId, /^upsample_/));
  const model = modelNamed(prompt);
  if (isUpscaled || model === null) return [];
  return (HIGH_DEFINITION.get(model) ?? []).map((verb) => {
    const manner = verb.slice(verb.lastIndexOf('_') + 1);
    return made(`MJ::JOB::upsample_${verb}::1::${job}::SOLO`, LABELS.get(manner) ?? '', '');
  });
}

function isGrid({ imageUrls, videoUrls }: Snapshot): boolean {
  return imageUrls.length > 1 && videoUrls.length === 0;
}

/** Whether a task has one picture, which can be varied: what was described has none of its own. */
function isPicture({ imageUrls, videoUrls, buttons }: Snapshot): boolean {
  const isVaried = buttons.some(({ customId }) => hasVerb(customId, /^(?:low|high)_variation$/));
  return imageUrls.length === 1 && videoUrls.length === 0 && isVaried;
}

function jobIdOf(buttons: readonly ButtonView[]): string | null {
  const parts = buttons.flatMap(({ customId }) => customId.split('::'));
  return parts.find((part) => JOB_ID.test(part)) ?? null;
}

function hasVerb(customId: string, verb: RegExp): boolean {
  return customId
    .toLowerCase()
    .split('::')
    .slice(1, 3)
    .some((word) => verb.test(word));
}

function made(customId: string, label: string, emoji: string): ButtonView {
  return { customId, emoji, label, type: 2, style: 2 };
}

import { type Button } from '../wire/vocabulary.js';

/** What is known of V8 tasks at APIMart; their buttons have not been seen, so that this is a table to be corrected. */
const LACKING = /^MJ::(?:JOB::upsample|Outpaint|CustomZoom|Inpaint)/;

/** Whether a model belongs to V8: `8`, `8.1`, `8.2`. */
export const isV8 = (model: string): boolean => /^8(?:\.|$)/.test(model);

/** The major version of a model. */
export const versionOf = (model: string): number => Number.parseInt(model.replace('niji ', ''), 10);

/** Whether a parent's model can be remixed by /remix-strong and /remix-subtle. */
export const canRemix = (model: string): boolean => model === '8.1' || model === '8.2';

/** The buttons of a V8 task: no U, no zoom, no outpaint, no inpaint; pan stands under the grid already. */
export function v8Buttons(buttons: readonly Button[], isGrid: boolean, jobId: string): Button[] {
  const left = buttons.filter(({ customId }) => !LACKING.test(customId));
  return isGrid ? [...left, ...panButtons(jobId)] : left;
}

const panButtons = (jobId: string): Button[] =>
  (
    [
      ['left', '⬅️'],
      ['right', '➡️'],
      ['up', '⬆️'],
      ['down', '⬇️'],
    ] as const
  ).map(([word, emoji]) => ({
    customId: `MJ::JOB::pan_${word}::1::${jobId}::SOLO`,
    emoji,
    label: '',
    style: 2,
    type: 2,
  }));

import { type Operation } from '../operation-names.js';
import { DoomedJob } from '../tob-inputs.js';
import { hasFlag, isBanned, type TobPrompt } from '../tob-prompt.js';
import { type TobRecord } from '../tob-record.js';
import { Refusal } from '../tob-refusal.js';

export const DEFAULT_MODEL = '7';
const MODELS = new Set(['5.1', '5.2', '6', '6.1', '7', '8.1', '8.2', 'niji 6', 'niji 7']);
const NOT_ON_8: ReadonlySet<Operation> = new Set<Operation>(['pan', 'outpaint', 'inpaint', 'enhance']);

/** The vendor's rules for texts: a banned word lets the job fail. @throws Refusal or DoomedJob */
export function judgeText(prompt: TobPrompt): void {
  const { model } = prompt;
  if (model !== null && !MODELS.has(model)) throw new Refusal('Invalid_Argument', `version ${model} is not supported`);
  if (model?.startsWith('8') === true && hasFlag(prompt, 'q|quality'))
    throw new Refusal('Invalid_Argument', '--q is not supported');
  if (isBanned(prompt)) throw new DoomedJob('Banned prompt detected');
}

export function allowFollowUp(operation: Operation, parent: TobRecord): void {
  if (!isAllowed(operation, parent))
    throw new Refusal('Invalid_Argument', `${operation} is not available for this job`);
}

const isAllowed = (operation: Operation, parent: TobRecord): boolean =>
  !(parent.model.startsWith('8') && NOT_ON_8.has(operation));

const PER_PICTURE: readonly Operation[] = ['edit', 'inpaint', 'outpaint', 'pan', 'remix', 'upscale', 'variation'];

/** What the vendor says is possible with a finished job's pictures, numbered from 0. */
export function availableActions(job: TobRecord): Record<string, unknown> {
  const { artwork } = job;
  const count = artwork.kind === 'grid' ? artwork.cells.length : artwork.kind === 'single' ? 1 : 0;
  const withheld = new Set(job.faults.withheld ?? []);
  const pictures = Array.from({ length: count }, (_, at) => at).filter((at) => !withheld.has(at));
  const isPossible = (operation: Operation): boolean =>
    isAllowed(operation, job) &&
    !(job.foreign && operation !== 'upscale') &&
    !(job.upscaled && operation === 'upscale');
  return {
    ...Object.fromEntries(PER_PICTURE.map((operation) => [operation, isPossible(operation) ? pictures : []])),
    reroll: isPossible('reroll') && artwork.kind !== 'single',
  };
}

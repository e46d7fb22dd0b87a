import { PROMPT_RULES, TASK_MODES } from '#libs/wire';
import type { KindDefinition } from '../port/upstream-kind.js';
import { APIMART_ASSUMPTIONS } from './assumptions.js';
import { ApimartAdapter } from './apimart.adapter.js';
import { unsupported } from './unsupported.js';

/**
 * APIMart's API for Midjourney. Whether it gives `metadata` back is not known, and it has no list of tasks in which one could
 * be found by that: so a submit whose answer was lost has no mark to find it by.
 */
export const APIMART: KindDefinition = {
  title: 'APIMart, /v1/midjourney (unofficial)',
  capabilities: {
    correlation: 'none',
    readsBatches: false,
    singleReads: { atOnce: 8, most: 16 },
    listsRecent: false,
    cancels: false,
    inputs: 'bytes',
    masks: 'white_repaints',
    uploads: 'gateway',
    windows: 'upstream',
    buttons: 'given',
    progress: true,
    pushes: false,
    secretParts: 1,
    modes: TASK_MODES,
    actions: [
      'IMAGINE',
      'BLEND',
      'DESCRIBE',
      'UPSCALE',
      'UPSCALE_HD',
      'VARIATION',
      'LOW_VARIATION',
      'HIGH_VARIATION',
      'REROLL',
      'ZOOM',
      'CUSTOM_ZOOM',
      'PAN',
      'INPAINT',
      'MODAL',
      'REMIX',
      'EDITS',
      'VIDEO',
      'UPLOAD',
    ],
  },
  pathEnd: 'v1/midjourney',
  needsSecret: true,
  acceptsNotifyHook: false,
  promptRules: 'apimart',
  defaultVersion: PROMPT_RULES.kinds.apimart.defaultVersion,
  assumptions: APIMART_ASSUMPTIONS,
  unsupported,
  pushedId: () => null,
  makeAdapter: (http) => new ApimartAdapter(http),
};

import { PROMPT_RULES, TASK_MODES, type TaskAction } from '#libs/wire';
import type { KindCapabilities } from '../port/capabilities.js';
import { idInField } from '../port/pushed-id.js';
import type { KindDefinition } from '../port/upstream-kind.js';
import { LEGNEXT_ASSUMPTIONS, YOUCHUAN_ASSUMPTIONS } from './assumptions.js';
import { LEGNEXT_PROFILE, YOUCHUAN_PROFILE } from './profile.js';
import { unsupportedOf } from './submit/unsupported.js';
import { TobAdapter } from './tob.adapter.js';

const ACTIONS: readonly TaskAction[] = [
  'IMAGINE',
  'BLEND',
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
  'EDITS',
  'RETEXTURE',
  'VIDEO',
  'UPLOAD',
  'REMIX',
  'ENHANCE',
  'REMOVE_BACKGROUND',
  'VIDEO_UPSCALE',
];

const COMMON = {
  readsBatches: false,
  singleReads: { atOnce: 8, most: 16 },
  listsRecent: true,
  cancels: false,
  inputs: 'links',
  masks: 'white_repaints',
  uploads: 'gateway',
  windows: 'gateway',
  buttons: 'made',
  progress: false,
  pushes: true,
} satisfies Partial<KindCapabilities>;

/** Youchuan, which Midjourney licenses in China. */
export const YOUCHUAN: KindDefinition = {
  title: 'Youchuan, the licensed API of Midjourney in China',
  capabilities: { ...COMMON, correlation: 'none', secretParts: 2, modes: ['FAST', 'TURBO'], actions: ACTIONS },
  pathEnd: 'v1/tob',
  needsSecret: true,
  acceptsNotifyHook: true,
  promptRules: 'youchuan',
  defaultVersion: PROMPT_RULES.kinds.youchuan.defaultVersion,
  assumptions: YOUCHUAN_ASSUMPTIONS,
  unsupported: (terms, command) => unsupportedOf(YOUCHUAN_PROFILE, terms, command),
  pushedId: (body) => idInField(body, YOUCHUAN_PROFILE.idField),
  makeAdapter: (http) => new TobAdapter(YOUCHUAN_PROFILE, http),
};

/** LegNext, which has the same routes, and describe, shorten and blend besides. */
export const LEGNEXT: KindDefinition = {
  title: 'LegNext, an unofficial API of Midjourney',
  capabilities: {
    ...COMMON,
    correlation: 'push_url',
    secretParts: 1,
    modes: TASK_MODES,
    actions: [...ACTIONS, 'DESCRIBE', 'SHORTEN'],
  },
  pathEnd: 'v1',
  needsSecret: true,
  acceptsNotifyHook: true,
  promptRules: 'legnext',
  defaultVersion: PROMPT_RULES.kinds.legnext.defaultVersion,
  assumptions: LEGNEXT_ASSUMPTIONS,
  unsupported: (terms, command) => unsupportedOf(LEGNEXT_PROFILE, terms, command),
  pushedId: (body) => idInField(body, LEGNEXT_PROFILE.idField),
  makeAdapter: (http) => new TobAdapter(LEGNEXT_PROFILE, http),
};

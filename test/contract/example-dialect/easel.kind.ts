import type { KindDefinition } from '#libs/upstream';
import { usualAssumptions } from '../../../libs/upstream/src/port/assumption.js';
import { EaselAdapter, requestOf } from './easel.adapter.js';

/** Easel: all that the gateway has to know of it. A real kind would have one line in `kinds.ts` as well. */
export const EASEL: KindDefinition = {
  title: 'Easel, an invented vendor',
  capabilities: {
    correlation: 'state',
    readsBatches: false,
    singleReads: { atOnce: 8, most: 16 },
    listsRecent: false,
    cancels: false,
    inputs: 'bytes',
    masks: 'white_repaints',
    uploads: 'gateway',
    windows: 'gateway',
    buttons: 'made',
    progress: false,
    pushes: false,
    secretParts: 1,
    modes: ['FAST'],
    actions: ['IMAGINE', 'VARIATION'],
  },
  pathEnd: 'v1',
  needsSecret: true,
  acceptsNotifyHook: false,
  promptRules: 'midjourney',
  defaultVersion: null,
  assumptions: usualAssumptions('G', 'the vendor is invented'),
  unsupported: (_terms, command) => {
    if (command.kind === 'upload' || requestOf(command, { state: '', pushUrl: null }) !== null) return null;
    return { what: 'action', name: command.kind.toUpperCase() };
  },
  pushedId: () => null,
  makeAdapter: (http) => new EaselAdapter(http),
};

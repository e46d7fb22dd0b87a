import { TASK_ACTIONS, TASK_MODES } from '#libs/wire';
import { idInField } from '../port/pushed-id.js';
import { promptLack } from '../port/prompt-lack.js';
import type { KindDefinition } from '../port/upstream-kind.js';
import { PROXY_ASSUMPTIONS } from './assumptions.js';
import { MidjourneyProxyAdapter } from './midjourney-proxy.adapter.js';

/** Servers that speak the /mj wire. They differ so much that they are given all work, and answer what they cannot do. */
export const MIDJOURNEY_PROXY: KindDefinition = {
  title: 'midjourney-proxy, new-api and other servers of the /mj wire',
  capabilities: {
    correlation: 'state',
    readsBatches: null,
    singleReads: { atOnce: 8, most: 16 },
    listsRecent: null,
    cancels: true,
    inputs: 'bytes',
    masks: 'as_given',
    uploads: 'upstream',
    windows: 'upstream',
    buttons: 'given',
    progress: true,
    pushes: null,
    secretParts: 1,
    modes: TASK_MODES,
    actions: TASK_ACTIONS,
  },
  pathEnd: 'mj',
  needsSecret: false,
  acceptsNotifyHook: false,
  promptRules: 'midjourney',
  defaultVersion: null,
  assumptions: PROXY_ASSUMPTIONS,
  // Midjourney itself says what it does not take: only what an operator says of his server is judged.
  unsupported: (terms, command) => (terms.modelVersions === null ? null : promptLack('midjourney', terms, command)),
  pushedId: (body) => idInField(body, 'id'),
  makeAdapter: (http) => new MidjourneyProxyAdapter(http),
};

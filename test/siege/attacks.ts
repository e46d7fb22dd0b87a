import type { Attack } from './attack.js';
import { ABANDONED } from './attacks/abandoned.js';
import { BODIES } from './attacks/bodies.js';
import { HOOKS } from './attacks/hooks.js';
import { PICTURES } from './attacks/pictures.js';
import { PROTOCOL } from './attacks/protocol.js';
import { READS } from './attacks/reads.js';
import { SLOW } from './attacks/slow.js';
import { UNREAD } from './attacks/unread.js';

/** Everything that a stranger, or a client that means harm, does to the gateway; one after the other. */
export const ATTACKS: readonly Attack[] = [
  ...ABANDONED,
  ...UNREAD,
  ...SLOW,
  ...BODIES,
  ...PICTURES,
  ...READS,
  ...HOOKS,
  ...PROTOCOL,
];

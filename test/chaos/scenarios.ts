import type { Scenario } from './scenario.js';
import { DIALECTS } from './scenarios/dialects.js';
import { FAILPOINT_RUN } from './scenarios/failpoints.js';
import { KILL, killOf } from './scenarios/kill.js';
import { NOECHO } from './scenarios/noecho.js';
import { POSTGRES } from './scenarios/postgres.js';
import { RECEIVERS } from './scenarios/receivers.js';
import { STOP } from './scenarios/stop.js';
import { UPSTREAM, upstreamOf } from './scenarios/upstream.js';
import { VENDOR_KINDS } from './vendors.js';

/** Each kind by itself in the full run; the short one has them all at once. */
const OF_VENDORS: readonly Scenario[] = [
  ...VENDOR_KINDS.map((kind) => killOf(`kill-${kind}`, [kind], 'full')),
  ...VENDOR_KINDS.map((kind) => upstreamOf(`upstream-${kind}`, [kind], 'full')),
  killOf('kill-vendors', VENDOR_KINDS, 'cut'),
  upstreamOf('upstream-vendors', VENDOR_KINDS, 'cut'),
];

/** All of them; those that wait most come first, so that the short run overlaps them with others. */
export const SCENARIOS: readonly Scenario[] = [
  FAILPOINT_RUN,
  KILL,
  RECEIVERS,
  POSTGRES,
  UPSTREAM,
  STOP,
  NOECHO,
  DIALECTS,
  ...OF_VENDORS,
];

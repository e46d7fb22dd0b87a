import type { Scenario } from './scenario.js';
import { FAILPOINT_RUN } from './scenarios/failpoints.js';
import { KILL } from './scenarios/kill.js';
import { NOECHO } from './scenarios/noecho.js';
import { POSTGRES } from './scenarios/postgres.js';
import { RECEIVERS } from './scenarios/receivers.js';
import { STOP } from './scenarios/stop.js';
import { UPSTREAM } from './scenarios/upstream.js';

/** All of them; those that wait most come first, so that the short run overlaps them with others. */
export const SCENARIOS: readonly Scenario[] = [FAILPOINT_RUN, KILL, RECEIVERS, POSTGRES, UPSTREAM, STOP, NOECHO];

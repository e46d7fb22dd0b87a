import type { Row } from './bench.js';
import { FETCH, LIST } from './rows/fetch.js';
import { GROWTH } from './rows/growth.js';
import { HOOKS } from './rows/hooks.js';
import { IDLE } from './rows/idle.js';
import { IMAGE } from './rows/image.js';
import { POLL } from './rows/poll.js';
import { SPREAD } from './rows/spread.js';
import { SQL } from './rows/sql.js';
import { SSE } from './rows/sse.js';
import { STUDIO } from './rows/studio.js';
import { SUBMIT } from './rows/submit.js';
import { UPLOAD } from './rows/upload.js';

/** In the order of the table. */
export const ROWS: readonly Row[] = [
  FETCH,
  LIST,
  SUBMIT,
  POLL,
  HOOKS,
  IMAGE,
  UPLOAD,
  SSE,
  GROWTH,
  IDLE,
  SPREAD,
  SQL,
  STUDIO,
];

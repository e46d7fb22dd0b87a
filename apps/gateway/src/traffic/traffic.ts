import type { Environment } from '../config/environment.js';
import { Admission } from './admission.js';
import { AnswerMemory } from './answer-memory.js';
import { Connections } from './connections.js';
import { ResourceGauges } from './resource-gauges.js';
import { UploadBudget } from './upload-budget.js';

const MIB = 1024 * 1024;
/** Memory of answers that wait for their clients, and the quota of one key or address. */
const ANSWERS = { total: 128 * MIB, perKey: 64 * MIB };
/** Part of the upload budget that one key may hold: the rest is left to other keys. */
const UPLOAD_PART = 7 / 8;
/** How long a body waits for its budget before it is refused, ms, and how many of one key may wait. */
const UPLOAD_WAITS = { waitMs: 10_000, maxWaitingPerKey: 64 };
/** Part of all requests that one key may have under way: the rest is left to other keys. */
const KEY_PART = 0.8;

/** Connections, admission and the budgets of what requests hold. Made before the HTTP server, which Connections creates. */
export class Traffic {
  readonly gauges = new ResourceGauges();
  readonly connections = new Connections();
  readonly admission: Admission;
  readonly answers: AnswerMemory;
  readonly uploads: UploadBudget;

  constructor({
    MAX_CONNECTIONS,
    MAX_REQUESTS,
    MAX_DOWNLOADS,
    MAX_DOWNLOADS_PER_ADDRESS,
    UPLOAD_MEMORY_MB,
  }: Environment) {
    const { connections, gauges } = this;
    connections.most = MAX_CONNECTIONS;
    gauges.add({ name: 'connections', limit: MAX_CONNECTIONS, used: () => connections.size });
    gauges.add({ name: 'requests_waiting', limit: Connections.mostWaiting, used: () => connections.waiting });
    const requestsPerKey = Math.ceil(MAX_REQUESTS * KEY_PART);
    this.admission = new Admission(
      {
        requests: MAX_REQUESTS,
        requestsPerKey,
        downloads: MAX_DOWNLOADS,
        downloadsPerAddress: MAX_DOWNLOADS_PER_ADDRESS,
      },
      gauges,
    );
    const uploads = UPLOAD_MEMORY_MB * MIB;
    this.uploads = new UploadBudget({ total: uploads, perKey: uploads * UPLOAD_PART, ...UPLOAD_WAITS }, gauges);
    this.answers = new AnswerMemory(ANSWERS, gauges);
  }
}

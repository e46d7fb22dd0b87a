import type { Environment } from '../config/environment.js';
import { Admission } from './admission.js';
import { AnswerMemory } from './answer-memory.js';
import { Connections } from './connections.js';
import { Shares } from './resource-gauges.js';
import { UploadMemory } from './upload-budget.js';

const MIB = 1024 * 1024;
/** Answers that wait for their clients, and what one key or address may have of them. */
const ANSWERS = { total: 128 * MIB, share: 64 * MIB };
/** What of the memory of uploads one key may have: it leaves some to others. */
const UPLOAD_PART = 7 / 8;
/** A body that waits for memory is refused after that time, ms; and how many of one key may wait. */
const UPLOAD_LINE = { waitMs: 10_000, places: 64 };
/** What of all requests one key may have under way: it leaves some to others. */
const KEY_PART = 0.8;

/** Who comes in, how much each may hold, and that all of it comes back. Made before the server, which it makes. */
export class Traffic {
  readonly shares = new Shares();
  readonly connections = new Connections();
  readonly admission: Admission;
  readonly answers: AnswerMemory;
  readonly uploads: UploadMemory;

  constructor({
    MAX_CONNECTIONS,
    MAX_REQUESTS,
    MAX_DOWNLOADS,
    MAX_DOWNLOADS_PER_ADDRESS,
    UPLOAD_MEMORY_MB,
  }: Environment) {
    const { connections, shares } = this;
    connections.most = MAX_CONNECTIONS;
    shares.add({ name: 'connections', limit: MAX_CONNECTIONS, used: () => connections.size });
    shares.add({ name: 'requests_waiting', limit: Connections.mostWaiting, used: () => connections.waiting });
    const requestsPerKey = Math.ceil(MAX_REQUESTS * KEY_PART);
    this.admission = new Admission(
      {
        requests: MAX_REQUESTS,
        requestsPerKey,
        downloads: MAX_DOWNLOADS,
        downloadsPerAddress: MAX_DOWNLOADS_PER_ADDRESS,
      },
      shares,
    );
    const uploads = UPLOAD_MEMORY_MB * MIB;
    this.uploads = new UploadMemory({ total: uploads, share: uploads * UPLOAD_PART, ...UPLOAD_LINE }, shares);
    this.answers = new AnswerMemory(ANSWERS, shares);
  }
}

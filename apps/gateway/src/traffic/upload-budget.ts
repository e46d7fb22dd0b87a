import type { FastifyRequest } from 'fastify';
import { networkOf } from '../http/limits/address-limiter.js';
import { MjError } from '../http/errors/mj-error.js';
import type { RequestLife } from './request-life.js';
import type { ResourceGauges } from './resource-gauges.js';

export interface UploadLimits {
  /** Bytes of all bodies that are read, judged and passed on at one time. */
  total: number;
  /** Bytes of them of one key; less than all, so that nobody can keep everybody else out. */
  perKey: number;
  /** Longest wait for memory, ms; a body that has waited for so long is refused. */
  waitMs: number;
  /** Bodies of one key that may wait before any of them is read. */
  maxWaitingPerKey: number;
}

/** Counts the bytes of one body while it comes in. */
export interface UploadMeter {
  /** So many more bytes have come. Null: read on; else read on when it resolves. @throws MjError (rejects) too_many_uploads */
  add(bytes: number): Promise<void> | null;
  /** All of it has come. It holds what it is until its request ends. */
  finished(): void;
}

/** The parts of a request that its meter needs. */
export type Uploading = Pick<FastifyRequest, 'life' | 'ip'> & { apiKey: { id: string } | null };

/** Bytes of every body that are not counted: those of all requests under way together are 80 MB at most. */
const FREE = 16 * 1024;
/** Budget that a large body acquires before it is read, and at a time; as much as Node reads of a connection at once. */
const STEP = 64 * 1024;
const RETRY_SECONDS = 2;

/** A key or address, and its bodies. */
interface Owner {
  name: string;
  used: number;
  /** Those that are still coming, in their order. */
  coming: Set<Upload>;
  /** Those that wait before they are read. */
  newcomers: number;
}

interface Upload extends UploadMeter {
  owner: Owner;
  received: number;
  held: number;
  /** What it waits for; null: nothing. */
  wanted: { amount: number; grant: () => void } | null;
}

/**
 * The memory budget of request bodies, counted by the bytes that have come and not by Content-Length. Bodies wait, unread, while
 * nothing is left. The oldest body that is still coming may exceed the budget, so that many half-read bodies cannot block each
 * other for ever. Each key has a quota of the budget.
 */
export class UploadBudget {
  private readonly owners = new Map<string, Owner>();
  private readonly coming = new Set<Upload>();
  private readonly newcomers = new Set<Upload>();
  private readonly meters = new WeakMap<RequestLife, Upload>();
  private bytes = 0;

  constructor(
    private readonly limits: UploadLimits,
    gauges: ResourceGauges,
  ) {
    gauges.add({ name: 'upload_bytes', limit: limits.total, used: () => this.used });
    gauges.add({ name: 'uploads_waiting', limit: null, used: () => this.waiting });
  }

  /** Bytes that are held. */
  get used(): number {
    return this.bytes;
  }

  /** Keys and addresses that hold memory or wait for it. */
  get ownerCount(): number {
    return this.owners.size;
  }

  /** Bodies that wait, read in part or not at all. */
  get waiting(): number {
    let waiting = this.newcomers.size;
    for (const { wanted } of this.coming) if (wanted !== null) waiting += 1;
    return waiting;
  }

  /** Waits until a large body may be read. @throws MjError (rejects) too_many_uploads */
  async acquire(request: Uploading): Promise<void> {
    if (request.life.hasEnded) return;
    const upload = this.meterOf(request);
    const { owner } = upload;
    this.coming.delete(upload);
    owner.coming.delete(upload);
    // Bodies of the same key that wait go first; those of other keys wait for more than this one needs.
    if (owner.newcomers === 0 && this.fits(upload, STEP)) this.hold(upload, STEP);
    else await this.waitOutside(upload);
    if (request.life.hasEnded) return;
    this.coming.add(upload);
    owner.coming.add(upload);
  }

  /** The meter of a request's body, which the reader of the body feeds. */
  meterOf({ life, apiKey, ip }: Uploading): Upload {
    const known = this.meters.get(life);
    if (known !== undefined) return known;
    const name = apiKey === null ? networkOf(ip) : `key ${apiKey.id}`;
    const owner = this.owners.get(name) ?? { name, used: 0, coming: new Set(), newcomers: 0 };
    const upload: Upload = {
      owner,
      received: 0,
      held: 0,
      wanted: null,
      add: (bytes) => (life.hasEnded ? null : this.add(upload, bytes)),
      finished: () => (life.hasEnded ? undefined : this.finished(upload)),
    };
    this.owners.set(name, owner);
    this.meters.set(life, upload);
    this.coming.add(upload);
    owner.coming.add(upload);
    life.onEnd(() => {
      upload.received = 0;
      this.finished(upload);
      upload.wanted?.grant();
      this.forget(owner);
    });
    return upload;
  }

  private async waitOutside(upload: Upload): Promise<void> {
    const { owner } = upload;
    if (owner.newcomers >= this.limits.maxWaitingPerKey) throw tooMany();
    this.newcomers.add(upload);
    owner.newcomers += 1;
    try {
      await this.wait(upload, STEP);
    } finally {
      this.newcomers.delete(upload);
      owner.newcomers -= 1;
      this.forget(owner);
    }
  }

  private forget({ name, used, coming, newcomers }: Owner): void {
    if (used === 0 && coming.size === 0 && newcomers === 0) this.owners.delete(name);
  }

  private add(upload: Upload, bytes: number): Promise<void> | null {
    upload.received += bytes;
    const missing = upload.received - FREE - upload.held;
    if (missing <= 0) return null;
    const amount = Math.ceil(missing / STEP) * STEP;
    if (!this.fits(upload, amount)) return this.wait(upload, amount);
    this.hold(upload, amount);
    return null;
  }

  private finished(upload: Upload): void {
    upload.owner.coming.delete(upload);
    this.coming.delete(upload);
    this.hold(upload, Math.max(0, upload.received - FREE) - upload.held);
    this.grant();
  }

  /** The oldest of its owner that is coming may pass its quota, the oldest of all the total. */
  private fits(upload: Upload, amount: number): boolean {
    const { owner } = upload;
    const { perKey, total } = this.limits;
    const isInQuota = owner.used + amount <= perKey || isFirst(owner.coming, upload);
    return isInQuota && (this.bytes + amount <= total || isFirst(this.coming, upload));
  }

  private hold(upload: Upload, change: number): void {
    upload.held += change;
    upload.owner.used += change;
    this.bytes += change;
  }

  private wait(upload: Upload, amount: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        upload.wanted = null;
        reject(tooMany());
      }, this.limits.waitMs);
      upload.wanted = {
        amount,
        grant: () => {
          clearTimeout(timer);
          upload.wanted = null;
          resolve();
        },
      };
    });
  }

  /** Wakes bodies whose amount fits now: first those that are coming, in their order, then those that have not begun. */
  private grant(): void {
    for (const uploads of [this.coming, this.newcomers]) {
      for (const upload of uploads) {
        const { wanted } = upload;
        if (wanted === null || !this.fits(upload, wanted.amount)) continue;
        this.hold(upload, wanted.amount);
        wanted.grant();
      }
    }
  }
}

function isFirst(uploads: Set<Upload>, upload: Upload): boolean {
  const [first] = uploads;
  return first === upload;
}

function tooMany(): MjError {
  return new MjError('too_many_uploads', { retryAfter: RETRY_SECONDS });
}

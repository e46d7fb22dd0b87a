import { OutboundError, readCapped } from '#libs/net';
import { memoryReader } from '../format/byte-reader.js';
import type { PictureOrigin } from '../fetch/picture-origin.js';
import { PictureRefusedError, sizeOf } from '../format/picture-size.js';
import { agreesWith, PICTURE_TYPES, sniffType, type PictureType } from '../format/picture-type.js';
import { isWholePicture } from '../format/whole-picture.js';

/** The result of a preview. `busy`: too many previews are being fetched at once */
export type Preview =
  | { kind: 'preview'; bytes: Buffer; type: PictureType }
  | { kind: 'unavailable' }
  | { kind: 'timeout' }
  | { kind: 'busy' };

/** Where the preview of a running task is. */
export interface PreviewSource {
  taskId: string;
  upstreamId: string | null;
  url: string;
}

interface Entry {
  preview: Promise<Preview>;
  /** ms of the monotonic clock; Infinity while it is being fetched. */
  staleAt: number;
  bytes: number;
}

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_FETCHES = 8;
const MAX_CACHED_BYTES = 64 * 1024 * 1024;
const FRESH_MS = 3_000;

/** A cache of the previews of running tasks, in memory: a preview is fetched once for all requests of a few seconds. */
export class PreviewCache {
  private readonly entries = new Map<string, Entry>();

  /** @param deadlineMs one fetch from beginning to end */
  constructor(
    private readonly origin: PictureOrigin,
    private readonly deadlineMs: number,
  ) {}

  /** A preview of at most 8 MiB; never throws for faults of the origin. */
  get(source: PreviewSource): Promise<Preview> {
    const key = `${source.taskId} ${source.url}`;
    this.dropStale();
    const known = this.entries.get(key);
    if (known !== undefined) return known.preview;
    const fetching = [...this.entries.values()].filter(({ staleAt }) => staleAt === Infinity).length;
    if (fetching >= MAX_FETCHES) return Promise.resolve({ kind: 'busy' });
    const entry: Entry = { preview: this.fetch(source), staleAt: Infinity, bytes: 0 };
    this.entries.set(key, entry);
    void entry.preview.then(
      (preview) => this.settle(entry, preview),
      () => this.entries.delete(key),
    );
    return entry.preview;
  }

  private settle(entry: Entry, preview: Preview): void {
    entry.staleAt = performance.now() + FRESH_MS;
    entry.bytes = preview.kind === 'preview' ? preview.bytes.length : 0;
    let cached = 0;
    for (const { bytes } of this.entries.values()) cached += bytes;
    for (const [key, { bytes, staleAt }] of this.entries) {
      if (cached <= MAX_CACHED_BYTES) return;
      if (staleAt === Infinity) continue;
      this.entries.delete(key);
      cached -= bytes;
    }
  }

  private dropStale(): void {
    const now = performance.now();
    for (const [key, { staleAt }] of this.entries) if (staleAt <= now) this.entries.delete(key);
  }

  private async fetch(source: PreviewSource): Promise<Preview> {
    try {
      const answer = await this.origin.download(source, source.url, {
        deadlineMs: this.deadlineMs,
        maxBytes: MAX_BYTES,
        maxHops: 2,
        accept: 'image/*',
      });
      const bytes = await readCapped(answer.body, MAX_BYTES);
      const type = answer.status === 200 ? sniffType(bytes) : null;
      if (type === null || PICTURE_TYPES[type].kind !== 'image' || !agreesWith(type, answer.headers['content-type'])) {
        return { kind: 'unavailable' };
      }
      const read = memoryReader(bytes);
      await sizeOf(type, read);
      if (!(await isWholePicture(type, bytes.length, read))) return { kind: 'unavailable' };
      return { kind: 'preview', bytes, type };
    } catch (error) {
      if (error instanceof PictureRefusedError) return { kind: 'unavailable' };
      if (error instanceof OutboundError) return { kind: error.kind === 'timeout' ? 'timeout' : 'unavailable' };
      throw error;
    }
  }
}

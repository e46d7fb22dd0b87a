import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { fetchPicture } from './fetch-picture.js';

/** What became of a picture that came with a request. `input` names it from then on. */
export type Taken = { readonly kind: 'taken'; readonly input: string } | { readonly kind: 'bad' };

/** Inputs are kept this large at most, px a side: they colour and fill drawings, they are no archive. */
const SIDE = 1024;
const PIXELS = 50_000_000;
const KEEP_MS = 48 * 60 * 60 * 1_000;
const NAME = /^[0-9a-f]{32}$/;

/** The pictures that clients sent, downscaled, as WebP files named by their content. */
export class InputStore {
  constructor(private readonly folder: string) {}

  /** Makes the folder, removes what no kept task can need any more. */
  async open(now: Date): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) {
      const file = join(this.folder, name);
      const age = now.getTime() - (await stat(file)).mtimeMs;
      if (age > KEEP_MS) await unlink(file);
    }
  }

  /** The bytes of a kept picture (WebP), or null. */
  async read(input: string): Promise<Buffer | null> {
    if (!NAME.test(input)) return null;
    return readFile(join(this.folder, `${input}.webp`)).catch(() => null);
  }

  /** Takes a data URL, raw base64 or, where links are allowed, an http(s) URL; one that cannot be fetched gets a name without a file. */
  async take(source: string, links: boolean): Promise<Taken> {
    if (/^https?:\/\//i.test(source)) {
      if (!links) return { kind: 'bad' };
      const bytes = await fetchPicture(source);
      return (
        (bytes === null ? null : await this.keep(bytes)) ?? { kind: 'taken', input: `lost:${source.slice(0, 200)}` }
      );
    }
    const encoded = /^data:[^,]*;base64,/i.exec(source.slice(0, 200));
    const body = encoded === null ? source : source.slice(encoded[0].length);
    if (!/^[A-Za-z0-9+/_-]{4}/.test(body.trimStart())) return { kind: 'bad' };
    return (await this.keep(Buffer.from(body, 'base64'))) ?? { kind: 'bad' };
  }

  /** Takes several; null as soon as one is bad. */
  async takeAll(sources: readonly string[], links: boolean): Promise<string[] | null> {
    const names: string[] = [];
    for (const source of sources) {
      const taken = await this.take(source, links);
      if (taken.kind === 'bad') return null;
      names.push(taken.input);
    }
    return names;
  }

  private async keep(bytes: Buffer): Promise<Taken | null> {
    const input = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    try {
      const small = await sharp(bytes, { limitInputPixels: PIXELS })
        .rotate()
        .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 90, effort: 1 })
        .toBuffer();
      await writeFile(join(this.folder, `${input}.webp`), small);
      return { kind: 'taken', input };
    } catch {
      return null;
    }
  }
}

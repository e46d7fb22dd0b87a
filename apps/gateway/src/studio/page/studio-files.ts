import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { ConstantAnswer } from '../../http/answers/constant-answer.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'application/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** The name of a file of `assets/` holds a hash of what is in it: another build has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** What the page's base address is in the built page; the server puts its own in. */
const BASE = '<base href="/studio/"';

/** The built files of Studio, each read and compressed once and then sent from memory. */
export class StudioFiles {
  /** @param folder of the build, which has `index.html`, files beside it and `assets/` */
  constructor(private readonly folder: string = builtFolder()) {}

  /** @param basePath path under which browsers see the page, such as `/studio/` */
  page(basePath: string): ConstantAnswer {
    return new ConstantAnswer(TYPES['.html'] ?? '', async () => {
      const html = await readFile(join(this.folder, 'index.html'), 'utf8');
      return html.replace(BASE, `<base href="${basePath}"`);
    });
  }

  /** Files beside the page: its icon, and the script that sets the theme before anything is drawn. */
  beside(): Map<string, ConstantAnswer> {
    return this.answers('.', {});
  }

  /** Scripts and styles by their names, which change with their content. */
  assets(): Map<string, ConstantAnswer> {
    return this.answers('assets', { cacheControl: FOR_EVER });
  }

  private answers(folder: string, options: { cacheControl?: string }): Map<string, ConstantAnswer> {
    const answers = new Map<string, ConstantAnswer>();
    for (const entry of entriesOf(join(this.folder, folder))) {
      const type = TYPES[extname(entry)];
      if (type === undefined || entry === 'index.html') continue;
      const path = join(this.folder, folder, entry);
      answers.set(entry, new ConstantAnswer(type, () => readFile(path), options));
    }
    return answers;
  }
}

function builtFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('#studio'));
}

function entriesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

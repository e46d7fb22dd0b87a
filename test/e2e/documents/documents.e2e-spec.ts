import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { VARIABLES } from '../../../apps/gateway/src/config/variables.js';
import { readmeTables } from '../../../apps/tools/src/readme-tables.js';
import { VERSION } from '../../../apps/gateway/src/version.js';
import { SUBMIT_CODE } from '../../../libs/wire/src/index.js';

const root = resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** All of the repository but the list of changes, which names what was. */
const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A text without its blocks of code. */
function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

/** What its headings are linked by. */
function anchorsOf(text: string): Set<string> {
  const headings = [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

interface Manifest {
  version: string;
  scripts: Record<string, string>;
}

describe('the documents', () => {
  const readme = read('README.md');
  const manifest = JSON.parse(read('package.json')) as Manifest;

  it('show the errors and variables that the code has', () => {
    expect(readme).toBe(readmeTables(readme));
  });

  it('explain every code', () => {
    for (const code of Object.values(SUBMIT_CODE))
      expect(readme).toMatch(new RegExp(`^\\| ${code} \\| \\d{3} \\| \\w`, 'm'));
  });

  it('list every variable in .env.example with its default', () => {
    const example = read('.env.example');
    for (const [name, { shown }] of Object.entries(VARIABLES)) {
      if (name === 'SUBMIT_CODES') continue;
      expect(example).toContain(`\n${name}=${shown === '–' ? '' : shown}\n`);
    }
  });

  it('name scripts that exist', () => {
    const named = [...readme.matchAll(/npm (?:run )?(start:prod|start|test|[a-z]+)\b/g)].map(([, name]) => name ?? '');
    const known = [...Object.keys(manifest.scripts), 'ci'];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(DOCUMENTS)('point at files and headings that exist: %s', (file) => {
    const links = [...prose(read(file)).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)]+))?\)/g)].map(
      ([, path = '', heading]) => ({
        path: path === '' ? file : join(dirname(file), path),
        heading,
      }),
    );
    const isDead = ({ path, heading }: { path: string; heading: string | undefined }): boolean =>
      !existsSync(join(root, path)) || (heading !== undefined && !anchorsOf(read(path)).has(heading));
    expect(links.filter(isDead)).toEqual([]);
  });

  it.each(DOCUMENTS)('name files of the source that exist: %s', (file) => {
    const paths = [...read(file).matchAll(/`((?:apps|libs|test|scripts|ops)\/[\w./-]+)`/g)].map(
      ([, path]) => path ?? '',
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('agree on the version', () => {
    expect(VERSION).toBe(manifest.version);
  });

  it('name only projects that exist', () => {
    const { projects } = JSON.parse(read('nest-cli.json')) as {
      projects: Record<string, { sourceRoot: string; entryFile: string }>;
    };
    for (const { sourceRoot, entryFile } of Object.values(projects)) {
      expect(existsSync(join(root, sourceRoot, `${entryFile}.ts`))).toBe(true);
    }
  });
});

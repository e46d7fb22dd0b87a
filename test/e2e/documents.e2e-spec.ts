import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { VARIABLES } from '../../apps/gateway/src/config/variables.js';
import { readmeTables } from '../../apps/tools/src/readme-tables.js';
import { VERSION } from '../../apps/gateway/src/version.js';
import { SUBMIT_CODE } from '../../libs/wire/src/index.js';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

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

  it('point at files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path ?? '');
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
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

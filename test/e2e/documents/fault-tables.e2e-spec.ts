import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readFaultPages, readLimitGroups, type Evidence } from '../../../apps/tools/src/documents/fault-tables.js';
import { generatedDocuments, SOURCES } from '../../../apps/tools/src/documents/generated-documents.js';
import { VARIABLES } from '../../../apps/gateway/src/config/variables.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const list = (folder: string): string[] => readdirSync(join(ROOT, folder));

const FAULTS = SOURCES.flatMap((source) => readFaultPages(read(source))).flatMap(({ faults }) => faults);
const SHOWN = FAULTS.flatMap(({ shown }) => shown);

/** Titles of a file's tests: whatever text is the first argument of a call. */
function titlesOf(source: string): Set<string> {
  const calls = source.matchAll(/\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1\s*,/g);
  return new Set([...calls].map(([, , title = '']) => title.replace(/\\(.)/g, '$1')));
}

function missingIn({ file = '', tests }: Evidence): string[] {
  if (!existsSync(join(ROOT, file))) return [file];
  const titles = titlesOf(read(file));
  return tests.filter((title) => !titles.has(title)).map((title) => `${file} › ${title}`);
}

describe('the tables of faults and limits', () => {
  it('name files and tests that exist', () => {
    const named = SHOWN.filter(({ file }) => file !== undefined);
    expect(named.length).toBeGreaterThan(200);
    expect(named.flatMap(missingIn)).toEqual([]);
  });

  it('name scenarios of npm run chaos that exist', () => {
    const named = SHOWN.flatMap(({ chaos }) => chaos ?? []);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !existsSync(join(ROOT, `test/chaos/scenarios/${name}.ts`)))).toEqual([]);
  });

  it('name variables that the gateway has', () => {
    const named = readLimitGroups(read('docs/security.yaml')).flatMap(({ items }) =>
      items.flatMap(({ variable }) => variable ?? []),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in VARIABLES))).toEqual([]);
  });
});

describe('a generated document', () => {
  it.each(generatedDocuments({ read, list }))('%s is what `npm run docs` makes', (path, text) => {
    expect(read(path)).toBe(text);
  });
});

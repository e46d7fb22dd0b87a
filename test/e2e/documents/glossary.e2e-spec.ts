import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesIn(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('spec.ts') ? [read(path)] : [];
  });
}

const SOURCES = [...sourcesIn('libs'), ...sourcesIn('apps')].join('\n');
const DECLARED = new Set(
  [...SOURCES.matchAll(/^export (?:abstract |async )?(?:class|interface|type|function|const|enum) (\w+)/gm)].map(
    ([, name]) => name ?? '',
  ),
);
const SCHEMA = sourcesIn('apps/gateway/src/migrations').join('\n');

/** Whether a class, type, function or constant has this name, or a table, or a column of one (`table.column`). */
function exists(name: string): boolean {
  if (DECLARED.has(name)) return true;
  const [table = '', column] = name.split('.');
  return (
    new RegExp(`create (?:unlogged )?table ${table}\\b`).test(SCHEMA) &&
    (column === undefined || new RegExp(`\\b${column}\\b`).test(SCHEMA))
  );
}

describe('docs/glossary.md', () => {
  const entries = read('docs/glossary.md')
    .split('\n')
    .filter((line) => line.startsWith('- '));

  it('explains 40 to 75 terms, each in one line of one form', () => {
    expect(entries.length).toBeGreaterThanOrEqual(40);
    expect(entries.length).toBeLessThanOrEqual(75);
    expect(entries.filter((line) => !/^- \*\*[^*]+\*\*: [^`]+\. \(`[^)]+`\)$/.test(plain(line)))).toEqual([]);
  });

  it('names what there is', () => {
    const named = entries.flatMap((line) => codesOf(line.slice(line.lastIndexOf('('))));
    expect(named.length).toBeGreaterThan(entries.length);
    expect(named.filter((name) => !exists(name))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('names classes, functions and files that there are', () => {
    const named = codesOf(read('docs/architecture.md'));
    const classes = named.filter((name) => /^[A-Z][a-z]+[A-Z]\w+$/.test(name));
    expect(classes.length).toBeGreaterThan(30);
    const functions = named.filter((name) => /^[a-z]+[A-Z]\w+$/.test(name) && name !== 'customId');
    expect(functions.length).toBeGreaterThan(5);
    expect([...classes, ...functions].filter((name) => !exists(name))).toEqual([]);
  });

  const diagrams = [...read('docs/architecture.md').matchAll(/```mermaid\n([\s\S]*?)```/g)].map(([, text]) => text);

  it('shows statements in its diagrams that there are', () => {
    const named = diagrams.flatMap((text = '') => [...text.matchAll(/\b(?:task|hook)_[a-z_]+/g)].map(([name]) => name));
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !exists(name) && !SOURCES.includes(`'${name}'`))).toEqual([]);
  });

  it('shows participants of its diagrams that there are', () => {
    const named = diagrams.flatMap((text = '') => [...text.matchAll(/\b[A-Z][a-z]+[A-Z]\w+\b/g)].map(([name]) => name));
    expect(diagrams.length).toBe(3);
    expect(named.filter((name) => !exists(name))).toEqual([]);
  });

  it('names six files to begin with', () => {
    const [, begin = ''] = read('docs/architecture.md').split('## Where to start reading');
    const files = [...(begin.split('\n## ')[0] ?? '').matchAll(/^\d\. `([^`]+)`/gm)].map(([, file]) => file ?? '');
    expect(files.length).toBe(6);
    for (const file of files) expect(read(file)).toContain('export ');
  });
});

/** Without the code in the sentence: only that at the end counts. */
function plain(line: string): string {
  const at = line.lastIndexOf(' (`');
  return line.slice(0, at).replaceAll('`', '') + line.slice(at);
}

function codesOf(text: string): string[] {
  return [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
}

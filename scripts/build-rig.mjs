// Compiles the rigs (test/chaos, test/bench, test/siege, test/soak) and what they import of the tests' helpers to dist/test and dist/libs/*/test,
// beside the build of the apps, so that they run the very files that production runs. After each build of the apps.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformSync } from '@swc/core';
import jestConfig from '../jest.config.mjs';

const ROOT = join(import.meta.dirname, '..');
const RIGS = ['test/chaos', 'test/bench', 'test/siege', 'test/soak'];
/** Those of the tests, but as ES modules. */
const [, options] = jestConfig.transform['^.+\\.ts$'];
const SWC = { ...options, module: { type: 'es6' }, sourceMaps: 'inline' };

function sourcesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return entry.name.endsWith('.ts') && !/\.(spec|e2e-spec)\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** The test files that a compiled file imports; those of apps and libs/src are built already. */
function helpersOf(source, code) {
  return [...code.matchAll(/\bfrom\s*['"](\.{1,2}\/[^'"]+)\.js['"]/g)]
    .map(([, path]) => resolve(dirname(source), `${path}.ts`))
    .filter((path) => /^(?:test|libs\/[^/]+\/test)\//.test(relative(ROOT, path)));
}

rmSync(join(ROOT, 'dist/test'), { recursive: true, force: true });
const queue = RIGS.flatMap((rig) => sourcesIn(join(ROOT, rig)));
const seen = new Set(queue);
for (const source of queue) {
  const path = relative(ROOT, source);
  const { code } = transformSync(readFileSync(source, 'utf8'), { ...SWC, filename: source, swcrc: false });
  const target = join(ROOT, 'dist', path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
  for (const helper of helpersOf(source, code)) {
    if (seen.has(helper)) continue;
    seen.add(helper);
    queue.push(helper);
  }
}

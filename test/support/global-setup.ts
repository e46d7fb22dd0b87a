import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type * as Browsers from '../browser/support/chromium-path.js';
import type * as Launcher from '../../apps/quickstart/src/postgres/start-postgres.js';

/** What the setup leaves for the teardown, which runs in the same process. */
declare global {
  var journeymanTestPostgres: Launcher.EmbeddedPostgres | undefined;
}

/**
 * Before all tests: one throwaway PostgreSQL (or the one of TEST_DATABASE_URL, whose role must be allowed to create
 * databases). Its location goes to the workers in TEST_POSTGRES_URL, the name of the template that
 * `createTestDatabase` fills on first use in TEST_TEMPLATE_DATABASE.
 */
export default async function globalSetup(): Promise<void> {
  const { chromiumPath } = await loadBrowsers();
  if (chromiumPath() === null) process.stdout.write('The tests in a browser are left out: there is no Chromium.\n');
  process.env['TEST_TEMPLATE_DATABASE'] = `journeyman_template_${randomBytes(6).toString('hex')}`;
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    process.env['TEST_POSTGRES_URL'] = given;
    return;
  }
  const { startPostgres } = await loadLauncher();
  const postgres = await startPostgres({
    dir: mkdtempSync(join(realpathSync(tmpdir()), 'journeyman-test-')),
    database: 'postgres',
    throwaway: true,
    searchPath: process.env['PATH'] ?? '',
  });
  globalThis.journeymanTestPostgres = postgres;
  process.env['TEST_POSTGRES_URL'] = postgres.url;
}

/**
 * jest compiles what a setup file imports, but leaves finding it to Node, which does not know that `./x.js` in our
 * TypeScript means `./x.ts`: so that is taught for the time of this import.
 */
function loadLauncher(): Promise<typeof Launcher> {
  return withSources(() => import('../../apps/quickstart/src/postgres/start-postgres.js'));
}

function loadBrowsers(): Promise<typeof Browsers> {
  return withSources(() => import('../browser/support/chromium-path.js'));
}

async function withSources<Module>(load: () => Promise<Module>): Promise<Module> {
  const loader = Module as unknown as { _resolveFilename: ResolveFilename };
  const original = loader._resolveFilename;
  loader._resolveFilename = (request, parent, ...rest) => {
    if (/^\.{1,2}\/.*\.js$/.test(request) && parent && !parent.path.includes('node_modules')) {
      const source = resolve(parent.path, `${request.slice(0, -3)}.ts`);
      if (existsSync(source)) return source;
    }
    return original(request, parent, ...rest);
  };
  try {
    return await load();
  } finally {
    loader._resolveFilename = original;
  }
}

type ResolveFilename = (request: string, parent: { path: string } | undefined, ...rest: unknown[]) => string;

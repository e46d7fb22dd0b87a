import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of every installed ESM package, nested ones too: jest runs in CommonJS mode, so swc compiles them. */
function esmPackages(root) {
  const names = new Set();
  const visit = (dir, name) => {
    const manifest = join(dir, 'package.json');
    if (!existsSync(manifest)) return;
    if (JSON.parse(readFileSync(manifest, 'utf8')).type === 'module') names.add(name);
    if (existsSync(join(dir, 'node_modules'))) scan(join(dir, 'node_modules'));
  };
  const scan = (modules) => {
    for (const entry of readdirSync(modules)) {
      if (entry.startsWith('.')) continue;
      if (!entry.startsWith('@')) visit(join(modules, entry), entry);
      else
        for (const scoped of readdirSync(join(modules, entry)))
          visit(join(modules, entry, scoped), `${entry}/${scoped}`);
    }
  };
  scan(join(root, 'node_modules'));
  return [...names];
}

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
/** Components of Studio. */
const tsx = {
  ...swc,
  jsc: {
    ...swc.jsc,
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic', importSource: 'preact' } },
  },
};
/** Packages of Studio whose ESM is in files of their own, `.mjs`. */
const STUDIO_PACKAGES = ['preact', '@preact/signals', '@preact/signals-core', '@testing-library/preact'];
const esm = [...esmPackages(import.meta.dirname), ...STUDIO_PACKAGES].map(escape).join('|');

export default {
  testEnvironment: 'node',
  // Also where a test of a component has a document: packages are resolved as Node does it.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons'] },
  testRegex: '\\.(spec|e2e-spec)\\.tsx?$',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  cacheDirectory: '<rootDir>/.jest-cache',
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'json', 'node'],
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: ['<rootDir>/test/support/retry-once.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  moduleNameMapper: {
    '^#libs/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    // Styles of Studio: a class's name stands for itself.
    '\\.module\\.css$': '<rootDir>/apps/studio/test/style-names.ts',
  },
  resolver: '<rootDir>/jest.resolver.cjs',
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    '^.+\\.tsx$': ['@swc/jest', tsx],
    '^.+\\.m?js$': ['@swc/jest', { ...swc, jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } } }],
  },
  transformIgnorePatterns: [`node_modules/(?!(?:.*node_modules/)?(?:${esm})/)`],
  // Far above what any test takes: a slow machine may not fail one.
  testTimeout: 240_000,
  // Most tests wait for something: three workers keep two cores busy.
  maxWorkers: 3,
};

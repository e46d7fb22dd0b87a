import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const LIBS = ['access', 'assets', 'database', 'hooks', 'net', 'runtime', 'tracking', 'upstream', 'wire'];

/** The import directions of docs/architecture.md: what each lib may import by `#libs/<name>`. */
const MAY_IMPORT = {
  wire: [],
  runtime: [],
  net: ['runtime'],
  database: ['runtime'],
  access: ['database', 'net', 'runtime', 'wire'],
  assets: ['database', 'net', 'runtime', 'wire'],
  hooks: ['database', 'net', 'runtime', 'wire'],
  upstream: ['database', 'net', 'runtime', 'wire'],
  tracking: ['access', 'assets', 'database', 'hooks', 'net', 'runtime', 'upstream', 'wire'],
};

const NO_APPS = { group: ['**/apps/**'], message: 'A lib never imports an app.' };
const NO_INNER = { group: ['#libs/*/*', '**/libs/**'], message: 'Across libs only through #libs/<lib>, its index.ts.' };
const NO_CAN_PARSE = {
  object: 'URL',
  property: 'canParse',
  message: 'In Node 20 it comes to refuse letters such as ü; use parseUrl of libs/net.',
};
const NO_ENV = { object: 'process', property: 'env', message: 'Only config/ reads process.env; pass options instead.' };

const libPatterns = (lib) => [
  NO_APPS,
  NO_INNER,
  ...LIBS.filter((other) => !MAY_IMPORT[lib].includes(other)).map((other) => ({
    group: [`#libs/${other}`],
    message: other === lib ? 'Inside a lib imports are relative.' : `libs/${lib} may not import libs/${other}.`,
  })),
];

const libRules = LIBS.map((lib) => ({
  files: [`libs/${lib}/src/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: libPatterns(lib) }] },
}));

/** Inside libs/tracking: task ← store ← {submit, follow, read, control, upkeep}; the five flows never import each other. */
const TRACKING_FLOWS = ['submit', 'follow', 'read', 'control', 'upkeep'];
const TRACKING_MAY_IMPORT = {
  task: [],
  store: ['task'],
  ...Object.fromEntries(TRACKING_FLOWS.map((flow) => [flow, ['task', 'store']])),
};
const trackingRules = Object.entries(TRACKING_MAY_IMPORT).map(([folder, allowed]) => ({
  files: [`libs/tracking/src/${folder}/**/*.ts`],
  ignores: ['**/*.spec.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...libPatterns('tracking'),
          ...Object.keys(TRACKING_MAY_IMPORT)
            .filter((other) => other !== folder && !allowed.includes(other))
            .map((other) => ({
              group: [`../${other}/**`, `../../${other}/**`],
              message: `In libs/tracking ${folder}/ may not import ${other}/.`,
            })),
        ],
      },
    ],
  },
}));

/** Production apps import no development tool: the image holds none. */
const NO_TOOLS = { group: ['**/tools/**'], message: 'apps/tools is for development only.' };
const appRules = ['gateway', 'admin', 'quickstart', 'simulator'].map((app) => ({
  files: [`apps/${app}/src/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: [NO_INNER, NO_TOOLS] }] },
}));

const FEATURES = ['submit', 'task', 'image', 'admin'];
const featureRules = FEATURES.map((feature) => ({
  files: [`apps/gateway/src/${feature}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          NO_INNER,
          NO_TOOLS,
          ...FEATURES.filter((other) => other !== feature).map((other) => ({
            group: [`../${other}/**`, `../../${other}/**`, `**/gateway/src/${other}/**`],
            message: 'Features of the gateway never import each other.',
          })),
        ],
      },
    ],
  },
}));

/** History stays as it was run: migrations import nothing that lives, and nobody imports their text. */
const migrationRules = [
  {
    files: ['apps/gateway/src/migrations/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['#libs/*', '../*', '!../describe.js', '!../build-index.js'],
              message: 'A migration imports no live code: what it needs is text of its own.',
            },
          ],
        },
      ],
    },
  },
];

/** Pages of Studio stand alone: what two of them need is a component, or belongs to the frame around them. */
const STUDIO_PAGES = ['create', 'gallery', 'tasks', 'operation', 'sql'];
const NO_SERVER = {
  group: ['#libs/*', '**/libs/**', '**/gateway/**'],
  message: 'Studio knows the gateway by its API only.',
};
const studioRules = [
  {
    files: ['apps/studio/src/**/*.{ts,tsx}'],
    rules: { 'no-restricted-imports': ['error', { patterns: [NO_SERVER] }] },
  },
  ...STUDIO_PAGES.map((page) => ({
    files: [`apps/studio/src/pages/${page}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            NO_SERVER,
            {
              group: STUDIO_PAGES.filter((other) => other !== page).map((other) => `**/${other}/**`),
              message: 'Pages of Studio never import each other.',
            },
          ],
        },
      ],
    },
  })),
  {
    files: ['apps/studio/public/*.js'],
    languageOptions: { globals: { document: 'readonly', localStorage: 'readonly', navigator: 'readonly' } },
  },
];

export default tseslint.config(
  { ignores: ['apps/studio/generated/**', 'dist/**', 'node_modules/**', '.data/**', '.jest-cache/**', 'coverage/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { disallowTypeAnnotations: false, fixStyle: 'inline-type-imports' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  {
    // Nest resolves constructor parameters from emitted metadata: such imports must stay values.
    files: ['apps/gateway/src/**/*.ts', 'libs/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    // A class that is made of more parts has more than one duty.
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    rules: { 'max-params': ['error', 7] },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['apps/*/src/config/**', 'libs/*/test/**'],
    rules: { 'no-restricted-properties': ['error', NO_ENV, NO_CAN_PARSE] },
  },
  ...libRules,
  ...trackingRules,
  ...appRules,
  ...featureRules,
  ...migrationRules,
  ...studioRules,
  {
    files: ['**/*.spec.ts', '**/*.spec.tsx', '**/*.e2e-spec.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { METRICS } from '../../../apps/gateway/src/metrics/metric-names.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

const root = resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Target {
  refId: string;
  datasource: { uid: string };
  expr?: string;
  rawSql?: string;
}

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { type: string; uid: string };
  targets: Target[];
}

interface Dashboard {
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
}

const dashboards = readdirSync(join(root, 'ops/grafana/dashboards')).map((file) => ({
  file,
  board: JSON.parse(read(`ops/grafana/dashboards/${file}`)) as Dashboard,
}));
const targets = dashboards.flatMap(({ file, board }) =>
  board.panels.flatMap((panel) => panel.targets.map((target) => ({ where: `${file}: ${panel.title}`, ...target }))),
);

/** Names of series that Prometheus stores for these metrics, with the labels they may be asked by. */
const SERIES = new Map<string, string[]>(
  Object.values(METRICS).flatMap(({ name, labels }): [string, string[]][] => {
    const isHistogram = name.endsWith('_seconds') && labels.length > 0;
    return isHistogram
      ? [
          [`${name}_bucket`, [...labels, 'le']],
          [`${name}_count`, [...labels]],
          [`${name}_sum`, [...labels]],
        ]
      : [[name, [...labels]]];
  }),
);
/** Of the process, and of Prometheus itself. */
const OTHERS = new Set(['up', 'nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes']);
const OF_SCRAPES = ['job', 'instance'];

/** What an expression asks for that nothing gives. */
function unknownIn(expr: string): string[] {
  const names = [...expr.matchAll(/\b((?:journeyman|nodejs|process)_\w+|up)\b(?!\s*\()/g)].map(([, name = '']) => name);
  const labels = [...expr.matchAll(/\bby \(([^)]*)\)/g), ...expr.matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, list = '']) => list.split(','))
    .map((part) => /^\s*(\w+)/.exec(part)?.[1] ?? '');
  const known = new Set([...OF_SCRAPES, ...names.flatMap((name) => SERIES.get(name) ?? [])]);
  return [
    ...(names.length === 0 ? ['no metric at all'] : []),
    ...names.filter((name) => !SERIES.has(name) && !OTHERS.has(name)),
    ...labels.filter((label) => !known.has(label)),
  ];
}

/** Whether a table of the book has a row for it. */
function explains(book: string, what: string): boolean {
  return book.split('\n').some((line) => line.startsWith(`| \`${what}\` `));
}

describe('the dashboards', () => {
  it.each(dashboards)('$file: whole, nothing twice, nothing above something else', ({ board }) => {
    expect(board.schemaVersion).toBeGreaterThanOrEqual(39);
    expect(board.uid).toMatch(/^journeyman-\w+$/);
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
    expect(new Set(board.panels.map(({ title }) => title)).size).toBe(board.panels.length);
    for (const { gridPos: a, title, targets: asked } of board.panels) {
      expect(asked.length).toBeGreaterThan(0);
      expect({ title, fits: a.x >= 0 && a.x + a.w <= 24 }).toEqual({ title, fits: true });
      const overlapping = board.panels.filter(
        ({ gridPos: b, title: other }) =>
          other !== title && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h,
      );
      expect({ title, overlapping: overlapping.map((panel) => panel.title) }).toEqual({ title, overlapping: [] });
    }
  });

  it('ask datasources that are provisioned', () => {
    const provisioned = read('ops/grafana/provisioning/datasources/journeyman.yml');
    for (const { board } of dashboards)
      for (const { datasource } of board.panels) {
        expect(provisioned).toContain(`uid: ${datasource.uid}\n`);
        expect(provisioned).toContain(`type: ${datasource.type}\n`);
      }
  });

  it.each(targets.filter(({ expr }) => expr !== undefined))('$where asks for what there is: $expr', ({ expr = '' }) => {
    expect(unknownIn(expr)).toEqual([]);
  });

  describe('of business', () => {
    let database: TestDatabase;
    let client: pg.Client;

    beforeAll(async () => {
      database = await createTestDatabase();
      client = new pg.Client({ connectionString: database.url });
      await client.connect();
    });

    afterAll(async () => {
      await client.end();
      await database.drop();
    });

    const questions = targets.filter(({ rawSql }) => rawSql !== undefined);

    it('has some', () => expect(questions.length).toBeGreaterThan(8));

    it.each(questions)('$where runs, and reads schema report alone', async ({ rawSql = '' }) => {
      const text = rawSql
        .replaceAll('$__timeFrom()', "'2026-01-01T00:00:00Z'")
        .replaceAll('$__timeTo()', "'2026-02-01T00:00:00Z'");
      expect(text).not.toContain('$__');
      await client.query('begin');
      await client.query('set local role journeyman_reporter');
      const { fields } = await client.query(text);
      await client.query('rollback');
      if (text.includes('"time"')) expect(fields.map(({ name }) => name)).toContain('time');
    });
  });
});

describe('the alarms', () => {
  const rules = read('ops/prometheus/alerts.yml');
  const alarms = rules.split(/^ {6}- alert: /m).slice(1);
  const nameOf = (rule: string): string => rule.split('\n', 1)[0] ?? '';

  it.each(alarms.map((rule) => [nameOf(rule), rule]))('%s asks for what there is', (_, rule) => {
    const expr = /expr: ([\s\S]*?)\n {8}\w+:/.exec(rule)?.[1] ?? '';
    expect(unknownIn(expr)).toEqual([]);
    expect(rule).toMatch(/\n {8}for: \d+[sm]\n/);
    expect(rule).toMatch(/\n {10}summary: '/);
  });

  it('are explained, all of them', () => {
    const book = read('docs/operations.md');
    expect(alarms.length).toBeGreaterThan(5);
    expect(alarms.map(nameOf).filter((name) => !explains(book, name))).toEqual([]);
  });

  it('of the log are explained, all of them', () => {
    const book = read('docs/operations.md');
    const sources = ['apps/gateway/src', 'libs'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !path.endsWith('spec.ts'))
        .map((path) => read(join(folder, path))),
    );
    const texts = sources.flatMap((source) => [...source.matchAll(/alarm: '([^']+)'/g)].map(([, text = '']) => text));
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => !explains(book, text))).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  const book = read('docs/operations.md');

  it('lists every metric with its labels, and none that is not there', () => {
    const listed = [...book.matchAll(/^\| `(journeyman_\w+)(?:\{([\w,]*)\})?` +\|/gm)].map(
      ([, name = '', labels = '']) => ({
        name,
        labels: labels === '' ? [] : labels.split(','),
      }),
    );
    expect(listed).toEqual(Object.values(METRICS).map(({ name, labels }) => ({ name, labels: [...labels] })));
  });

  it('points at files that exist', () => {
    const links = [...book.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    for (const link of links) expect(() => readFileSync(resolve(root, 'docs', link))).not.toThrow();
  });

  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...book.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

/** No parser of YAML here: what must hold is plain text, by service. */
describe('docker-compose.yml', () => {
  const compose = read('docker-compose.yml');
  const services = new Map(
    (/\nservices:\n([\s\S]*?)\n\w/.exec(compose)?.[1] ?? '')
      .split(/^ {2}(?=[\w-]+:$)/m)
      .filter((text) => text !== '')
      .map((text) => [text.split(':', 1)[0] ?? '', text]),
  );

  it('has two gateways that are the same, a front, and a Postgres', () => {
    expect([...services.keys()]).toEqual(
      expect.arrayContaining(['gateway-1', 'gateway-2', 'front', 'postgres', 'simulator', 'prometheus', 'grafana']),
    );
    for (const name of ['gateway-1', 'gateway-2'])
      expect(services.get(name)?.trim()).toMatch(/^gateway-\d:\n {4}<<: \*gateway$/);
  });

  it('publishes only the front and Grafana, on loopback unless told otherwise', () => {
    for (const [name, text] of services) {
      const ports = /\n {4}ports:\n((?: {6}.*\n?)+)/.exec(text)?.[1];
      if (name === 'front' || name === 'grafana') expect(ports).toContain("'${LISTEN:-127.0.0.1}:");
      else expect({ name, ports }).toEqual({ name, ports: undefined });
    }
  });

  it('has no password of its own', () => {
    for (const [, name = '', fallback = ''] of compose.matchAll(
      /(\w*(?:PASSWORD|SECRET_KEY|ADMIN_KEY)): '\$\{\w+:(.)/g,
    ))
      expect({ name, fallback }).toEqual({ name, fallback: expect.stringMatching(/[?-]/) });
    expect(compose).not.toMatch(/(?:PASSWORD|_KEY|SECRET): '?[A-Za-z0-9]{6,}/);
    expect(compose).toContain('POSTGRES_PASSWORD:?');
  });

  it('starts extras only when asked for', () => {
    for (const [name, profile] of [
      ['simulator', 'demo'],
      ['prometheus', 'observe'],
      ['grafana', 'observe'],
    ] as const)
      expect(services.get(name)).toContain(`\n    profiles: [${profile}]\n`);
  });

  it('names stages of the Dockerfile, volumes and files that exist', () => {
    const stages = [...read('Dockerfile').matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, stage]) => stage);
    for (const [, target] of compose.matchAll(/\n +target: (\w+)/g)) expect(stages).toContain(target);
    const declared = (/\nvolumes:\n([\s\S]*)$/.exec(compose)?.[1] ?? '').match(/\w+(?=:)/g) ?? [];
    for (const [, volume] of compose.matchAll(/- (\w+):\//g)) expect(declared).toContain(volume);
    for (const [, path = ''] of compose.matchAll(/- (\.\/[\w./-]+):/g))
      expect(() => readdirSync(resolve(root, path.replace(/\/[^/]*$/, '')))).not.toThrow();
  });

  it('scrapes and passes on to the gateways that it starts', () => {
    for (const file of ['ops/prometheus/prometheus.yml', 'ops/nginx/journeyman.conf'])
      for (const name of ['gateway-1:8080', 'gateway-2:8080']) expect(read(file)).toContain(name);
  });
});

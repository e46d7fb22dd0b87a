import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { startSimulator, type Simulator } from '../../../apps/simulator/src/simulator.js';
import { TestGateway } from '../../support/gateway.js';

const root = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

/**
 * What somebody writes who has only the document. Each line that reads an answer is also a check of its type: the
 * compiler refuses what the document does not promise.
 */
const PROGRAM = `
import createClient from 'openapi-fetch';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { components, paths } from './api.js';

type Task = components['schemas']['TaskDto'];
const [baseUrl = '', key = '', target = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${key}\` } });

const submit = await client.POST('/mj/submit/imagine', { body: { prompt: 'a red fox in the snow', mode: 'FAST' } });
if (submit.error !== undefined) throw new Error(submit.error.description);
const id: string | string[] | null = submit.data.result;
if (submit.data.code !== 1 || typeof id !== 'string') throw new Error(submit.data.description);

async function fetchTask(id: string): Promise<Task> {
  const { data, error } = await client.GET('/mj/task/{id}/fetch', { params: { path: { id }, query: { wait: 5 } } });
  if (data === undefined) throw new Error(error?.description ?? 'nothing');
  return data;
}

let task = await fetchTask(id);
for (let tries = 0; task.status !== 'SUCCESS'; tries += 1) {
  if (task.status === 'FAILURE' || task.status === 'CANCEL' || tries > 60) throw new Error(task.failure?.kind ?? task.status);
  await sleep(100);
  task = await fetchTask(id);
}
const first: string | undefined = task.buttons?.[0]?.customId;
const links: string[] = (task.imageUrls ?? []).map(({ url }) => url);
const ahead: number | null = task.queuePosition;

const picture = await client.GET('/mj/image/{id}', {
  params: { path: { id }, query: { w: 256, format: 'webp' } },
  parseAs: 'arrayBuffer',
});
if (picture.data === undefined) throw new Error(picture.error?.description);
await writeFile(target, Buffer.from(picture.data));

const wrong = await client.POST('/mj/submit/imagine', { body: { prompt: '' } });
const { code, description, properties } = wrong.error ?? { code: 1, description: '' };
process.stdout.write(
  JSON.stringify({ id, action: task.action, first, links, ahead, wrong: { status: wrong.response.status, code, description, field: properties?.['field'] } }),
);
`;

/** Programs that the document must make impossible to write. */
const MISTAKES = [
  "client.POST('/mj/submit/imagine', { body: { mode: 'FAST' } });",
  "client.POST('/mj/submit/imagine', { body: { prompt: 'x', mode: 'SLOW' } });",
  "client.POST('/mj/submit/change', { body: { taskId: '1', action: 'ZOOM' } });",
  "client.GET('/mj/task/{id}/fetch', { params: { path: {} } });",
  "client.GET('/mj/image/{id}', { params: { path: { id: '1' }, query: { format: 'bmp' } } });",
  "const status: 'DONE' extends Task['status'] ? true : false = true;",
  'const kind = (task: Task): string => task.failure.kind;',
  'const label = (task: Task): string | undefined => task.buttons[0]?.label;',
  'const link = (task: Task): string | undefined => task.imageUrls[0]?.url;',
  'const ahead = (task: Task): number => task.queuePosition;',
  "const id = (reply: components['schemas']['SubmitReplyDto']): string => reply.result;",
];

interface Documented {
  operationId?: string;
  tags?: string[];
  summary?: string;
  security?: object[];
  parameters?: { name: string; in: string; description?: string; schema?: object }[];
  requestBody?: { content: Record<string, { examples?: object; example?: unknown; schema?: object }> };
  responses: Record<
    string,
    { description: string; headers?: Record<string, object>; content?: Record<string, { schema?: object }> }
  >;
}

interface ApiDocument {
  paths: Record<string, Record<string, Documented>>;
}

describe('a client that is generated from openapi.json', () => {
  let folder: string;
  let simulator: Simulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journeyman-client-'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await run(process.execPath, [
      join(root, 'node_modules/openapi-typescript/bin/cli.js'),
      join(root, 'openapi.json'),
      '-o',
      join(folder, 'api.ts'),
    ]);
    await mkdir(join(folder, 'simulator'));
    simulator = await startSimulator({ dir: join(folder, 'simulator'), runMs: 400 });
    gateway = await TestGateway.start({ upstreamUrl: simulator.url });
  });

  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the compiler says of a file; "" when it is content. The file's JavaScript stands beside it then. */
  const compile = async (file: string): Promise<string> => {
    const options = ['--strict', '--noUncheckedIndexedAccess', '--target', 'ES2023', '--module', 'nodenext'];
    const typeRoots = ['--types', 'node', '--skipLibCheck', '--pretty', 'false'];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    return run(process.execPath, [compiler, ...options, ...typeRoots, file], { cwd: folder }).then(
      () => '',
      (error: { stdout?: string; message: string }) => error.stdout || error.message,
    );
  };

  it('compiles, and makes a picture', async () => {
    await writeFile(join(folder, 'program.ts'), PROGRAM);
    expect(await compile('program.ts')).toBe('');
    const target = join(folder, 'fox.webp');
    const { stdout } = await run(process.execPath, [join(folder, 'program.js'), gateway.url, gateway.key, target]);
    const seen = JSON.parse(stdout) as { id: string; links: string[] };
    expect(seen).toMatchObject({
      id: expect.stringMatching(/^\d{16}$/),
      action: 'IMAGINE',
      first: expect.stringContaining('upsample'),
      ahead: null,
      wrong: { status: 400, code: 4, description: 'prompt_is_required', field: 'prompt' },
    });
    expect(seen.links).toHaveLength(4);
    await expect(sharp(await readFile(target)).metadata()).resolves.toMatchObject({ format: 'webp', width: 256 });
  });

  it('does not compile where the document forbids it', async () => {
    const head = [
      "import createClient from 'openapi-fetch';",
      "import type { components, paths } from './api.js';",
      "type Task = components['schemas']['TaskDto'];",
      'const client = createClient<paths>();',
    ];
    // Each in a block of its own, one a line: their names do not meet.
    await writeFile(join(folder, 'mistakes.ts'), [...head, ...MISTAKES.map((line) => `{ ${line} }`)].join('\n'));
    const said = await compile('mistakes.ts');
    const lines = new Set([...said.matchAll(/^mistakes\.ts\((\d+),/gm)].map(([, line]) => Number(line)));
    expect(MISTAKES.filter((_, at) => !lines.has(head.length + 1 + at))).toEqual([]);
    expect([...lines].filter((line) => line <= head.length)).toEqual([]);
  });
});

describe('openapi.json', () => {
  let operations: { at: string; operation: Documented }[];

  beforeAll(async () => {
    const { paths } = JSON.parse(await readFile(join(root, 'openapi.json'), 'utf8')) as ApiDocument;
    operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ at: `${method} ${path}`, operation })),
    );
  });

  const lacking = (test: (operation: Documented, at: string) => boolean): string[] =>
    operations.filter(({ at, operation }) => !test(operation, at)).map(({ at }) => at);
  const isDescribed = (schema: object | undefined): boolean =>
    schema !== undefined && JSON.stringify(schema) !== '{"type":"object"}' && JSON.stringify(schema) !== '{}';

  it('names every operation once', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(operations.length);
    expect(lacking(({ operationId, tags, summary }) => Boolean(operationId && tags?.length && summary))).toEqual([]);
  });

  it('says of every operation whether it wants a key, and what it answers without', () => {
    // The one that takes a key in its body answers 401 to a wrong one.
    const signsIn = 'post /studio/session';
    expect(
      lacking(
        ({ security, responses }, at) =>
          (security?.length ?? -1) >= 0 && (at === signsIn || security?.length !== 0) === '401' in responses,
      ),
    ).toEqual([]);
  });

  it('describes the body of every answer that has one', () => {
    const bodyless = new Set(['204', '304']);
    const wrong = operations.flatMap(({ at, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => !bodyless.has(status))
        .filter(([, { content }]) => !Object.values(content ?? {}).some(({ schema }) => isDescribed(schema)))
        .map(([status]) => `${at} ${status}`),
    );
    expect(wrong).toEqual([]);
  });

  it('describes the request id of every answer, and Retry-After where it comes', () => {
    const names = (headers: object = {}): string[] => Object.keys(headers).map((name) => name.toLowerCase());
    const wrong = operations.flatMap(({ at, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => status !== 'default')
        .filter(([status, { headers }]) => {
          // What a state forbids to an admin it forbids later too.
          const isFinal = status === '409' && / \/admin\//.test(at);
          const needed =
            ['409', '429'].includes(status) && !isFinal ? ['x-request-id', 'retry-after'] : ['x-request-id'];
          return needed.some((name) => !names(headers).includes(name));
        })
        .map(([status]) => `${at} ${status}`),
    );
    expect(wrong).toEqual([]);
  });

  it('shows a body for every submit', () => {
    const submits = (at: string): boolean => /^post \/mj\/(?:submit|insight-face)\//.test(at);
    const isShown = ({ requestBody }: Documented): boolean =>
      Object.values(requestBody?.content ?? {}).some(({ examples }) => Object.keys(examples ?? {}).length > 0);
    expect(operations.filter(({ at }) => submits(at))).toHaveLength(15);
    expect(lacking((operation, at) => !submits(at) || isShown(operation))).toEqual([]);
  });
});

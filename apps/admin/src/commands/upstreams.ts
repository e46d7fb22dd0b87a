import { Command } from 'commander';
import { bodyOf, type OptionKinds } from '../option-values.js';
import { pageOptions, segment, type Options, type Shell } from '../shell.js';

const COLUMNS = [
  'id',
  'name',
  'baseUrl',
  'enabled',
  'circuit',
  'misconfigured',
  'running',
  'maxConcurrent',
  'latencyMs',
  'lastError',
  'lastOkAt',
];

const TERMS: OptionKinds = {
  name: 'text',
  baseUrl: 'text',
  weight: 'number',
  priority: 'number',
  modes: 'list',
  actions: 'list',
  maxConcurrent: 'number',
  enabled: 'flag',
  acceptsNotifyHook: 'flag',
  acceptsAccountFilter: 'flag',
  userAgent: 'text',
};
const TIMEOUTS: OptionKinds = { submitMs: 'number', pollMs: 'number' };

const path = (id: string): string => `/upstreams/${segment(id)}`;

/** `upstreams …`: the servers that do the work. */
export function upstreamCommands(shell: Shell): Command {
  const upstreams = new Command('upstreams').description('the servers that do the work');
  terms(upstreams.command('create'))
    .description('add an upstream')
    .requiredOption('--name <name>', 'what you call it')
    .requiredOption('--base-url <url>', 'http or https, without /mj')
    .action(async (options: Options, command: Command) =>
      shell.send(command, 'POST', '/upstreams', { body: await bodyFor(shell, options) }),
    );
  pageOptions(upstreams.command('list'))
    .description('all upstreams and how they stand')
    .action((_: Options, command: Command) => shell.list(command, '/upstreams', {}, COLUMNS));
  upstreams
    .command('show <id>')
    .description('one upstream')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'GET', path(id)));
  terms(upstreams.command('patch <id>'))
    .description('change an upstream')
    .option('--name <name>', 'what you call it')
    .action(async (id: string, options: Options, command: Command) =>
      shell.send(command, 'PATCH', path(id), { body: await bodyFor(shell, options) }),
    );
  upstreams
    .command('retire <id>')
    .description('give it no work any more; its tasks are followed to their end')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'DELETE', path(id)));
  upstreams
    .command('test <id>')
    .description('ask it something harmless')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'POST', `${path(id)}/test`));
  return upstreams;
}

function terms(command: Command): Command {
  return command
    .option('--secret-file <path>', 'file with its mj-api-secret; - reads what is piped in, none takes it away')
    .option(
      '--proxy-file <path>',
      'file with the URL of the proxy that leads to it; - reads what is piped in, none takes it away',
    )
    .option('--user-agent <text>', 'what it is called with')
    .option('--weight <n>', 'share among those of one priority')
    .option('--priority <n>', 'the highest goes first')
    .option('--modes <list>', 'e.g. FAST,RELAX')
    .option('--actions <list>', 'e.g. IMAGINE,UPSCALE')
    .option('--max-concurrent <n>', 'tasks at once')
    .option('--enabled <true|false>', 'whether it gets work')
    .option('--accepts-notify-hook <true|false>', 'whether our push address is sent with submits')
    .option('--accepts-account-filter <true|false>', 'whether accountFilter is passed on')
    .option('--submit-ms <n>', 'longest wait for the answer to a submit')
    .option('--poll-ms <n>', 'longest wait for the answer to a poll');
}

/** Secrets come from a file: what stands on a command line, others on the machine can read. */
async function bodyFor(shell: Shell, options: Options): Promise<Record<string, unknown>> {
  const { secretFile, proxyFile } = options;
  const read = async (path: string): Promise<string | null> =>
    path === 'none' ? null : (await shell.readFile(path)).trim();
  const timeouts = bodyOf(options, TIMEOUTS);
  return {
    ...bodyOf(options, TERMS),
    ...(Object.keys(timeouts).length === 0 ? {} : { timeouts }),
    ...(typeof secretFile === 'string' ? { secret: await read(secretFile) } : {}),
    ...(typeof proxyFile === 'string' ? { proxyUrl: await read(proxyFile) } : {}),
  };
}

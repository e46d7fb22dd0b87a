import { Command } from 'commander';
import { bodyOf, type OptionKinds } from '../option-values.js';
import { pageOptions, segment, type Options, type Shell } from '../shell.js';
import { testInWords } from '../upstream-test-words.js';

const COLUMNS = [
  'id',
  'name',
  'kind',
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
  defaultVersion: 'text',
  modelVersions: 'list',
  followUps: 'text',
};
/** `kind` is of a new one only: it never changes. */
const NEW_TERMS: OptionKinds = { ...TERMS, kind: 'text' };
const TIMEOUTS: OptionKinds = { submitMs: 'number', pollMs: 'number' };

const KINDS = `
What each kind needs:
  midjourney-proxy  --base-url without /mj; --secret-file with its mj-api-secret, where it wants one
  youchuan          --base-url without /v1/tob; --secret-file with <app>|<secret>; for pictures a PUBLIC_URL that it reaches
  legnext           --base-url with /api, without /v1; --secret-file with its key; for pictures a PUBLIC_URL that it reaches
  apimart           --base-url without /v1/midjourney; --secret-file with its key
The path of its kind at the end of --base-url is taken off. npm run admin -- upstreams test <id> says what is amiss.
`;

const path = (id: string): string => `/upstreams/${segment(id)}`;

/** `upstreams …`: the servers that do the work. */
export function upstreamCommands(shell: Shell): Command {
  const upstreams = new Command('upstreams').description('the servers that do the work');
  terms(upstreams.command('create'))
    .description('add an upstream')
    .requiredOption('--name <name>', 'what you call it')
    .requiredOption('--base-url <url>', 'http or https; see below')
    .option('--kind <kind>', 'which dialect it speaks; midjourney-proxy unless given')
    .addHelpText('after', KINDS)
    .action(async (options: Options, command: Command) =>
      shell.send(command, 'POST', '/upstreams', { body: await bodyFor(shell, options, NEW_TERMS) }),
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
      shell.send(command, 'PATCH', path(id), { body: await bodyFor(shell, options, TERMS) }),
    );
  upstreams
    .command('retire <id>')
    .description('give it no work any more; its tasks are followed to their end')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'DELETE', path(id)));
  upstreams
    .command('test <id>')
    .description('ask it something harmless: whether its key works, what is left there, whether it can fetch our links')
    .action(async (id: string, _: Options, command: Command) =>
      shell.show(command, await shell.api.call('POST', `${path(id)}/test`), [], testInWords),
    );
  return upstreams;
}

function terms(command: Command): Command {
  return command
    .option('--secret-file <path>', 'file with its key; - reads what is piped in, none takes it away')
    .option(
      '--proxy-file <path>',
      'file with the URL of the proxy that leads to it; - reads what is piped in, none takes it away',
    )
    .option('--user-agent <text>', 'what it is called with')
    .option('--weight <n>', 'share among those of one priority')
    .option('--priority <n>', 'the highest goes first')
    .option('--modes <list>', 'e.g. FAST,RELAX')
    .option('--actions <list>', 'e.g. IMAGINE,UPSCALE')
    .option('--default-version <version>', 'named in prompts without one, e.g. 8.2')
    .option('--model-versions <list>', 'versions of Midjourney that it takes, e.g. 7,8.2,niji 7')
    .option('--follow-ups <how>', 'sticky, or rebase: work that only needs a picture may go elsewhere')
    .option('--max-concurrent <n>', 'tasks at once')
    .option('--enabled <true|false>', 'whether it gets work')
    .option('--accepts-notify-hook <true|false>', 'whether our push address is sent with submits')
    .option('--accepts-account-filter <true|false>', 'whether accountFilter is passed on')
    .option('--submit-ms <n>', 'longest wait for the answer to a submit')
    .option('--poll-ms <n>', 'longest wait for the answer to a poll');
}

/** Secrets come from a file: what stands on a command line, others on the machine can read. */
async function bodyFor(shell: Shell, options: Options, terms: OptionKinds): Promise<Record<string, unknown>> {
  const { secretFile, proxyFile } = options;
  const read = async (path: string): Promise<string | null> =>
    path === 'none' ? null : (await shell.readFile(path)).trim();
  const timeouts = bodyOf(options, TIMEOUTS);
  return {
    ...bodyOf(options, terms),
    ...(Object.keys(timeouts).length === 0 ? {} : { timeouts }),
    ...(typeof secretFile === 'string' ? { secret: await read(secretFile) } : {}),
    ...(typeof proxyFile === 'string' ? { proxyUrl: await read(proxyFile) } : {}),
  };
}

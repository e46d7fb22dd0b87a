import { Command } from 'commander';
import { bodyOf, type OptionKinds } from '../option-values.js';
import { pageOptions, segment, type Options, type Shell } from '../shell.js';
import { pick } from './tasks.js';

const COLUMNS = ['id', 'name', 'prefix', 'credits', 'spent', 'held', 'running', 'lastUsedAt', 'expiresAt', 'revokedAt'];

const TERMS: OptionKinds = {
  name: 'text',
  credits: 'text',
  maxConcurrent: 'number',
  requestsPerMinute: 'number',
  queueLimit: 'number',
  dailyTasks: 'number',
  monthlySpend: 'text',
  modes: 'list',
  actions: 'list',
  upstreamKinds: 'list',
  ipAllow: 'list',
  expiresAt: 'text',
  defaultMode: 'text',
  notifyHook: 'text',
  notifyEvents: 'text',
  promptLint: 'text',
  promptExpansion: 'text',
  retries: 'number',
};

const path = (id: string): string => `/keys/${segment(id)}`;

/** `keys …`: API keys. */
export function keyCommands(shell: Shell): Command {
  const keys = new Command('keys').description('API keys, their limits and credits');
  terms(keys.command('create'))
    .description('make a key; it is shown this once')
    .requiredOption('--name <name>', 'whose it is')
    .action((options: Options, command: Command) =>
      shell.send(command, 'POST', '/keys', { body: bodyOf(options, TERMS) }),
    );
  pageOptions(keys.command('list'))
    .description('keys, newest first')
    .option('-q, --q <text>', 'part of the name, beginning of the key, or the id')
    .option('--status <status>', 'live, expired or revoked')
    .action((options: Options, command: Command) =>
      shell.list(command, '/keys', pick(options, ['q', 'status']), COLUMNS),
    );
  keys
    .command('show <id>')
    .description('one key, with what it has spent')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'GET', path(id)));
  terms(keys.command('patch <id>'))
    .description('change a key; none takes a limit away')
    .option('--name <name>', 'whose it is')
    .action((id: string, options: Options, command: Command) =>
      shell.send(command, 'PATCH', path(id), { body: bodyOf(options, TERMS) }),
    );
  keys
    .command('revoke <id>')
    .description('refuse a key from now on, for good')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'POST', `${path(id)}/revoke`));
  keys
    .command('credits <id> <amount>')
    .description('give a key credits; a negative amount takes some')
    .requiredOption('--note <text>', 'why; it stands in the ledger')
    .action((id: string, amount: string, { note }: Options, command: Command) =>
      shell.send(command, 'POST', `${path(id)}/credits`, { body: { amount, note } }),
    );
  keys
    .command('rotate-webhook-secret <id>')
    .description('make a new webhook secret; the old one signs for 24 h more')
    .action((id: string, _: Options, command: Command) =>
      shell.send(command, 'POST', `${path(id)}/rotate-webhook-secret`),
    );
  return keys;
}

function terms(command: Command): Command {
  return command
    .option('--credits <decimal>', 'what is left')
    .option('--max-concurrent <n>', 'unfinished tasks at once')
    .option('--requests-per-minute <n>', 'submits in a minute')
    .option('--queue-limit <n>', 'waiting tasks')
    .option('--daily-tasks <n>', 'tasks in a UTC day')
    .option('--monthly-spend <decimal>', 'credits in a UTC month')
    .option('--modes <list>', 'e.g. FAST,RELAX')
    .option('--actions <list>', 'e.g. IMAGINE,UPSCALE')
    .option('--upstream-kinds <list>', 'kinds of upstreams that may do its work, e.g. youchuan,midjourney-proxy')
    .option('--ip-allow <list>', 'addresses and CIDRs that it may be used from')
    .option('--expires-at <time>', 'ISO 8601; submits are refused from then on')
    .option('--default-mode <mode>', 'mode of submits that name none')
    .option('--notify-hook <url>', 'hook of submits that name none')
    .option('--notify-events <which>', 'all or terminal')
    .option('--prompt-lint <how>', 'off, warn or strict')
    .option('--prompt-expansion <how>', 'prompts that are several jobs: expand, refuse or pass')
    .option('--retries <n>', 'sent again after a failure that is retryable, 0 to 2 times');
}

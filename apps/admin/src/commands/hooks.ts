import { Command } from 'commander';
import { bodyOf, type OptionKinds } from '../option-values.js';
import { pageOptions, segment, type Options, type Shell } from '../shell.js';
import { pick } from './tasks.js';

const COLUMNS = [
  'id',
  'keyId',
  'state',
  'terminal',
  'host',
  'tries',
  'lastStatus',
  'lastError',
  'nextAt',
  'deliveredAt',
];
const REPLAY: OptionKinds = {
  since: 'text',
  until: 'text',
  state: 'text',
  host: 'text',
  taskId: 'text',
  dryRun: 'flag',
};

const path = (id: string): string => `/hooks/${segment(id)}`;

/** `hooks …`: what receivers were told. */
export function hookCommands(shell: Shell): Command {
  const hooks = new Command('hooks').description('what receivers were told');
  pageOptions(hooks.command('list'))
    .description('hooks, newest first')
    .option('--state <state>', 'waiting, delivered, dropped, dead or cancelled')
    .option('--host <host>', 'of the receiver')
    .option('--key-id <id>', 'of this key')
    .option('--task-id <id>', 'of this task')
    .action((options: Options, command: Command) =>
      shell.list(command, '/hooks', pick(options, ['state', 'host', 'keyId', 'taskId']), COLUMNS),
    );
  hooks
    .command('show <id>')
    .description('a hook with every try; its id is that of the task')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'GET', path(id)));
  hooks
    .command('resend <id>')
    .description('tell a receiver again')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'POST', `${path(id)}/resend`));
  hooks
    .command('replay')
    .description('tell the ends of tasks again that were last told within a time')
    .requiredOption('--since <time>', 'ISO 8601')
    .option('--until <time>', 'ISO 8601; now, if left out')
    .option('--state <state>', 'e.g. dead')
    .option('--host <host>', 'of the receiver')
    .option('--task-id <id>', 'of this task')
    .option('--dry-run', 'only count')
    .action((options: Options, command: Command) =>
      shell.send(command, 'POST', '/hooks/replay', { body: bodyOf(options, REPLAY) }),
    );
  return hooks;
}

const RECEIVER_COLUMNS = ['host', 'state', 'pending', 'dead', 'delivered24h', 'oldestPendingAt', 'lastClass', 'nextAt'];

/** `receivers …`: how receivers of hooks stand. */
export function receiverCommands(shell: Shell): Command {
  const receivers = new Command('receivers').description('receivers of hooks, of all keys');
  pageOptions(receivers.command('list'))
    .description('how they stand, by host; hooks replay --host tells one again what it missed')
    .option('--state <state>', 'failing or healthy')
    .option('--host <host>', 'with its port or without')
    .action((options: Options, command: Command) =>
      shell.list(command, '/receivers', pick(options, ['state', 'host']), RECEIVER_COLUMNS),
    );
  return receivers;
}

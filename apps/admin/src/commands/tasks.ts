import { Command } from 'commander';
import { pageOptions, segment, type Options, type Query, type Shell } from '../shell.js';

const COLUMNS = ['id', 'keyName', 'action', 'mode', 'status', 'progress', 'cost', 'failCode', 'submittedAt', 'prompt'];
const FILTERS = [
  'status',
  'action',
  'mode',
  'keyId',
  'upstreamId',
  'from',
  'to',
  'q',
  'state',
  'parentId',
  'failureKind',
  'refused',
];

const path = (id: string): string => `/tasks/${segment(id)}`;

/** `tasks …`: tasks of all keys. */
export function taskCommands(shell: Shell): Command {
  const tasks = new Command('tasks').description('tasks of all keys');
  pageOptions(tasks.command('list'))
    .description('tasks, newest first')
    .option('--status <status>', 'e.g. FAILURE,CANCEL')
    .option('--action <action>', 'e.g. IMAGINE')
    .option('--mode <mode>', 'RELAX, FAST or TURBO')
    .option('--key-id <id>', 'of this key')
    .option('--upstream-id <id>', 'sent to this upstream')
    .option('--from <time>', 'submitted then or later, ISO 8601')
    .option('--to <time>', 'submitted before, ISO 8601')
    .option('-q, --q <text>', 'part of the prompt; or exactly an id, state or request id')
    .option('--state <text>', 'exactly this state')
    .option('--parent-id <id>', 'follows this task')
    .option('--failure-kind <kind>', 'e.g. timeout')
    .option('--refused <true|false>', 'declined before any work')
    .action((options: Options, command: Command) => shell.list(command, '/tasks', pick(options, FILTERS), COLUMNS));
  tasks
    .command('show <id>')
    .description('a task with its timeline, hook and credits')
    .action((id: string, _: Options, command: Command) => shell.send(command, 'GET', path(id)));
  tasks
    .command('fail <id>')
    .description('end a task in FAILURE, refunded')
    .requiredOption('--reason <text>', 'what its client reads')
    .action((id: string, { reason }: Options, command: Command) =>
      shell.send(command, 'POST', `${path(id)}/fail`, { body: { reason } }),
    );
  tasks
    .command('refund <id>')
    .description('give the credits of a task back')
    .requiredOption('--note <text>', 'why; it stands in the ledger')
    .action((id: string, { note }: Options, command: Command) =>
      shell.send(command, 'POST', `${path(id)}/refund`, { body: { note } }),
    );
  return tasks;
}

/** `stats`: counts of tasks. */
export function statsCommand(shell: Shell): Command {
  return new Command('stats')
    .description('what became of the tasks of a time; by default the last 24 hours')
    .option('--from <time>', 'ISO 8601')
    .option('--to <time>', 'ISO 8601')
    .action((options: Options, command: Command) =>
      shell.send(command, 'GET', '/stats', { query: pick(options, ['from', 'to']) }),
    );
}

/** Those options that go into the query under their own name. */
export function pick(options: Options, names: readonly string[]): Query {
  return Object.fromEntries(names.map((name) => [name, options[name] as string | undefined]));
}

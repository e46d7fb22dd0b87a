import { Command, CommanderError } from 'commander';
import { AdminApi, Refusal, Unreachable } from './admin-api.js';
import { hookCommands, receiverCommands } from './commands/hooks.js';
import { keyCommands } from './commands/keys.js';
import { auditCommand, bannedWordCommands, priceCommands, slaCommands } from './commands/settings.js';
import { sessionCommands, studioLinkCommand } from './commands/studio.js';
import { statsCommand, taskCommands } from './commands/tasks.js';
import { upstreamCommands } from './commands/upstreams.js';
import type { AdminConfig } from './config/admin-config.js';
import { Shell } from './shell.js';

/** 0: done. 1: the gateway refused. 2: the command is wrong. 3: the gateway cannot be reached, or fails. */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

export interface AdminProgram {
  config: AdminConfig;
  /** The words behind the program's name. */
  words: readonly string[];
  /** To the person or the pipe. */
  say: (text: string) => void;
  /** What went wrong. */
  warn: (text: string) => void;
  /** The text of a file; `-` is what is piped in. */
  readFile: (path: string) => Promise<string>;
}

/** Runs one command. @returns the exit code; it has said why where that is not 0 */
export async function runAdmin({ config, words, say, warn, readFile }: AdminProgram): Promise<number> {
  const shell = new Shell(new AdminApi(config), say, readFile);
  const program = new Command('admin')
    .description('The admin API of a Journeyman gateway from the command line')
    .option('--json', 'print what the API answers')
    .showHelpAfterError('(--help shows how)');
  for (const make of GROUPS) program.addCommand(make(shell));
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ writeOut: say, writeErr: warn });
  }
  try {
    await program.parseAsync([...words], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    return report(error, warn);
  }
}

const GROUPS = [
  keyCommands,
  upstreamCommands,
  taskCommands,
  statsCommand,
  hookCommands,
  receiverCommands,
  priceCommands,
  slaCommands,
  bannedWordCommands,
  auditCommand,
  sessionCommands,
  studioLinkCommand,
];

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function report(error: unknown, warn: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Refusal) {
    const fields = error.errors.map(({ field, message }) => `  ${field || 'the body'}: ${message}\n`);
    const id = error.requestId === null ? '' : ` (request ${error.requestId})`;
    warn(`${error.message}${id}\n${fields.join('')}`);
    return error.status >= 500 ? EXIT.unreachable : EXIT.refused;
  }
  if (error instanceof Unreachable) {
    warn(`${error.message}\n`);
    return EXIT.unreachable;
  }
  if (error instanceof SyntaxError || isFileError(error)) {
    warn(`The file cannot be used: ${error.message}\n`);
    return EXIT.usage;
  }
  throw error;
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}

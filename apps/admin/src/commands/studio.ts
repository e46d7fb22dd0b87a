import { Command } from 'commander';
import { isObject } from '../admin-api.js';
import { pageOptions, segment, type Options, type Shell } from '../shell.js';

const SESSIONS = ['id', 'role', 'keyName', 'address', 'createdAt', 'lastUsedAt', 'endsAt', 'userAgent'];

/** `studio-link`: a link that signs one person in to Studio as admin, once. */
export function studioLinkCommand(shell: Shell): Command {
  return new Command('studio-link')
    .description('a link that signs one person in to Studio as admin, once, within ten minutes')
    .option('--key <id>', 'the key that the admin acts for: whose work is seen and done')
    .action(async ({ key }: { key?: string }, command: Command) => {
      const body = key === undefined ? {} : { keyId: key };
      const answer = await shell.api.call('POST', '/studio-tickets', { body });
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      // The link alone, so that a pipe can take it.
      shell.show(command, json !== true && isObject(answer) ? (answer['url'] ?? null) : answer);
    });
}

/** `sessions …`: who is signed in to Studio. */
export function sessionCommands(shell: Shell): Command {
  const sessions = new Command('sessions').description('who is signed in to Studio');
  pageOptions(sessions.command('list').description('sessions, the newest first, ended ones for a week')).action(
    (_: Options, command: Command) => shell.list(command, '/sessions', {}, SESSIONS),
  );
  sessions
    .command('revoke <id>')
    .description('end a session for good, within 10 s; its key goes on')
    .action((id: string, _: Options, command: Command) =>
      shell.send(command, 'POST', `/sessions/${segment(id)}/revoke`),
    );
  return sessions;
}

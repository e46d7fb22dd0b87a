import { Command } from 'commander';
import { isObject, type Json, type JsonObject } from '../admin-api.js';
import { pageOptions, type Options, type Shell } from '../shell.js';
import { pick } from './tasks.js';

const PRICES = ['action', 'mode', 'price'];
const TARGETS = ['mode', 'targetSeconds', 'targetRatio'];
const WORDS = ['word', 'note', 'createdAt'];
const AUDIT = ['id', 'at', 'route', 'target', 'requestId', 'detail'];

/** `prices …`: the price list. */
export function priceCommands(shell: Shell): Command {
  const prices = new Command('prices').description('the price list');
  prices
    .command('list')
    .description('all prices')
    .action((_: Options, command: Command) => shell.send(command, 'GET', '/prices', {}, PRICES));
  prices
    .command('set <action> <mode> <price>')
    .description('set one price; * stands for any action or mode')
    .action(async (action: string, mode: string, price: string, _: Options, command: Command) => {
      const line = { action: action.toUpperCase(), mode: mode.toUpperCase(), price };
      await changePrices(shell, command, (list) => [...list.filter((row) => !isSame(row, line)), line]);
    });
  prices
    .command('remove <action> <mode>')
    .description('take one price out of the list')
    .action(async (action: string, mode: string, _: Options, command: Command) => {
      const line = { action: action.toUpperCase(), mode: mode.toUpperCase() };
      await changePrices(shell, command, (list) => list.filter((row) => !isSame(row, line)));
    });
  return replaceCommand(prices, shell, '/prices', PRICES);
}

/** Replaces the list that was read, and none that somebody else has put there since. */
async function changePrices(
  shell: Shell,
  command: Command,
  change: (list: JsonObject[]) => JsonObject[],
): Promise<void> {
  const { answer, etag } = await shell.api.tagged('GET', '/prices');
  await shell.send(command, 'PUT', '/prices', { body: change(rows(answer)), ifMatch: etag }, PRICES);
}

/** `sla …`: how long tasks may take. */
export function slaCommands(shell: Shell): Command {
  const sla = new Command('sla').description('how long tasks may take, by mode');
  sla
    .command('list')
    .description('all targets')
    .action((_: Options, command: Command) => shell.send(command, 'GET', '/sla', {}, TARGETS));
  return replaceCommand(sla, shell, '/sla', TARGETS);
}

/** `banned-words …`: words that end a submit. */
export function bannedWordCommands(shell: Shell): Command {
  const banned = new Command('banned-words').description('words that end a submit with code 24');
  const read = async (): Promise<JsonObject[]> => wordsOf(await shell.api.call('GET', '/banned-words'));
  const write = async (command: Command, words: readonly JsonObject[]): Promise<void> => {
    const body = { words: words.map(({ word, note }) => ({ word, note })) };
    shell.show(command, wordsOf(await shell.api.call('PUT', '/banned-words', { body })), WORDS);
  };
  banned
    .command('list')
    .description('all banned words')
    .action(async (_: Options, command: Command) => shell.show(command, await read(), WORDS));
  banned
    .command('add <word>')
    .description('ban a word')
    .option('--note <text>', 'why', '')
    .action(async (word: string, { note }: { note: string }, command: Command) => {
      const rest = (await read()).filter((one) => one['word'] !== word.toLowerCase());
      await write(command, [...rest, { word, note }]);
    });
  banned
    .command('remove <word>')
    .description('allow a word again')
    .action(async (word: string, _: Options, command: Command) =>
      write(
        command,
        (await read()).filter((one) => one['word'] !== word.toLowerCase()),
      ),
    );
  return banned;
}

/** `audit`: what was changed through the admin API. */
export function auditCommand(shell: Shell): Command {
  return pageOptions(new Command('audit'))
    .description('what was changed through the admin API, newest first')
    .option('--target <target>', 'e.g. key:7')
    .option('--from <time>', 'ISO 8601')
    .option('--to <time>', 'ISO 8601')
    .action((options: Options, command: Command) =>
      shell.list(command, '/audit', pick(options, ['target', 'from', 'to']), AUDIT),
    );
}

function replaceCommand(parent: Command, shell: Shell, path: string, columns: readonly string[]): Command {
  parent
    .command('replace <file>')
    .description('replace the list by the JSON of a file; - reads what is piped in')
    .action(async (file: string, _: Options, command: Command) => {
      const body: unknown = JSON.parse(await shell.readFile(file));
      await shell.send(command, 'PUT', path, { body }, columns);
    });
  return parent;
}

function rows(answer: Json): JsonObject[] {
  return Array.isArray(answer) ? answer.filter(isObject) : [];
}

function wordsOf(answer: Json): JsonObject[] {
  return isObject(answer) ? rows(answer['words'] ?? []) : [];
}

function isSame(row: JsonObject, { action, mode }: { action: string; mode: string }): boolean {
  return row['action'] === action && row['mode'] === mode;
}

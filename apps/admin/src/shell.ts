import type { Command } from 'commander';
import { isObject, type AdminApi, type AdminRequest, type Json, type JsonObject } from './admin-api.js';
import { card, table } from './print.js';

/** What commands have at hand. */
export class Shell {
  /**
   * @param say writes to the person or the pipe
   * @param readFile the text of a file; `-` is what is piped in
   */
  constructor(
    readonly api: AdminApi,
    private readonly say: (text: string) => void,
    readonly readFile: (path: string) => Promise<string>,
  ) {}

  /**
   * Shows an answer: as it came with --json, else a list as table and one thing as card.
   * @param words what to say about it besides, without --json; empty: nothing
   */
  show(
    command: Command,
    answer: Json,
    columns: readonly string[] = [],
    words: (answer: Json) => string = () => '',
  ): void {
    const { json } = command.optsWithGlobals<{ json?: boolean }>();
    if (json === true) return this.say(`${JSON.stringify(answer, null, 2)}\n`);
    this.say(`${asText(answer, columns)}\n${words(answer)}`);
  }

  /** Calls the API and shows what it answers. */
  async send(
    command: Command,
    method: string,
    path: string,
    request: AdminRequest = {},
    columns: readonly string[] = [],
  ): Promise<void> {
    this.show(command, await this.api.call(method, path, request), columns);
  }

  /** A list, a page or with --all every page of it. */
  async list(command: Command, path: string, query: Query, columns: readonly string[]): Promise<void> {
    const { all, limit, cursor } = command.opts<{ all?: boolean; limit?: string; cursor?: string }>();
    const items: Json[] = [];
    let next: string | undefined = cursor;
    do {
      const page = await this.api.call('GET', path, {
        query: { ...query, limit: limit ?? (all ? 200 : undefined), cursor: next },
      });
      if (!isObject(page) || !Array.isArray(page['items'])) return this.show(command, page, columns);
      items.push(...page['items']);
      next = typeof page['nextCursor'] === 'string' ? page['nextCursor'] : undefined;
    } while (all === true && next !== undefined);
    this.show(command, { items, nextCursor: next ?? null }, columns);
  }
}

/** Options of a command as commander gives them. */
export type Options = Readonly<Record<string, unknown>>;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Adds what every list can be asked for. */
export function pageOptions(command: Command): Command {
  return command
    .option('--limit <n>', 'items of a page, 1 to 200')
    .option('--cursor <cursor>', 'the page after the one that gave it')
    .option('--all', 'every page');
}

/** An id as part of a path. */
export function segment(id: string): string {
  return encodeURIComponent(id);
}

function asText(answer: Json, columns: readonly string[]): string {
  if (Array.isArray(answer)) return tableOrNothing(answer.filter(isObject), columns);
  if (!isObject(answer)) return String(answer);
  const { items, nextCursor } = answer;
  if (!Array.isArray(items)) return card(answer);
  const more = typeof nextCursor === 'string' ? `\n\nThere are more: --cursor ${nextCursor}` : '';
  return tableOrNothing(items.filter(isObject), columns) + more;
}

function tableOrNothing(rows: readonly JsonObject[], columns: readonly string[]): string {
  return rows.length === 0 ? 'There are none.' : table(rows, columns);
}

import { UPSTREAM_KINDS } from '#libs/upstream';
import { assumptionTable, kindsTable, pollTable } from './upstream-tables.js';

const INDEX = 'docs/upstreams.md';

/** The documents about kinds of upstreams, with their tables as the code has them. @throws Error where a place is missing */
export function upstreamDocuments(read: (path: string) => string): [path: string, text: string][] {
  const pages = UPSTREAM_KINDS.map((kind): [string, string] => {
    const path = `docs/upstreams/${kind}.md`;
    const withPolls = withTable(path, read(path), 'polls', pollTable(kind));
    return [path, withTable(path, withPolls, 'assumptions', assumptionTable(kind))];
  });
  return [[INDEX, withTable(INDEX, read(INDEX), 'kinds', kindsTable())], ...pages];
}

/** Puts a table between `<!-- name -->` and `<!-- /name -->`. */
function withTable(path: string, text: string, name: string, table: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${path} has no ${open} … ${close}`);
  return `${text.slice(0, from + open.length)}\n\n${table}\n\n${text.slice(to)}`;
}

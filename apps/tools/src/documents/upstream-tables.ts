import {
  definitionOf,
  UPSTREAM_KINDS,
  type Assumption,
  type KindCapabilities,
  type UpstreamKind,
} from '#libs/upstream';
import { TASK_ACTIONS } from '#libs/wire';
import { pollsOf } from './poll-costs.js';

const MINUTE_MS = 60_000;
const RUNS: readonly [what: string, ms: number][] = [
  ['a picture that takes 40 s', 40_000],
  ['a film that takes 2 min', 2 * MINUTE_MS],
  ['work that waits and runs for 10 min', 10 * MINUTE_MS],
];

const CORRELATION = {
  state: 'by our mark, which tasks show',
  push_url: 'by our push address, which tasks show; else by text and time',
  none: 'by text and time, where tasks are listed',
} as const;

const TRIED = {
  always: 'yes',
  callback: 'with `--callback-url`',
  video: 'with `--video`',
  mask: 'with `--mask`',
  never: 'no',
} as const;

type Cell = (capabilities: KindCapabilities, kind: UpstreamKind) => string;

/** What differs between kinds, as a line each. */
const LINES: readonly [what: string, cell: Cell][] = [
  ['addresses of its routes begin with', (_, kind) => `\`/${definitionOf(kind).pathEnd}\``],
  ['parts of its secret', ({ secretParts }) => String(secretParts)],
  ['works without a secret', (_, kind) => yes(!definitionOf(kind).needsSecret)],
  ['modes', ({ modes }) => modes.join(', ')],
  ['lacks', ({ actions }) => lacking(actions)],
  ['many tasks are read in one call', ({ readsBatches }) => yes(readsBatches)],
  ['most single reads at a time', ({ singleReads }) => String(singleReads.atOnce)],
  ['lists its newest or active tasks', ({ listsRecent }) => yes(listsRecent)],
  [
    'a lost submit is found',
    ({ correlation, listsRecent }) => (listsRecent === false ? 'not' : CORRELATION[correlation]),
  ],
  ['can cancel', ({ cancels }) => yes(cancels)],
  ['pictures of submits go', ({ inputs }) => (inputs === 'links' ? 'as links to the gateway' : 'inline')],
  ['masks go', ({ masks }) => (masks === 'as_given' ? 'as the client gave them' : 'opaque, white is repainted')],
  ['uploads are hosted by', ({ uploads }) => (uploads === 'upstream' ? 'the upstream' : 'the gateway')],
  ['windows exist', ({ windows }) => (windows === 'upstream' ? 'there' : 'in the gateway only')],
  ['buttons are', ({ buttons }) => (buttons === 'given' ? 'given' : 'made by the adapter')],
  ['shows progress', ({ progress }) => yes(progress)],
  ['calls our push address', ({ pushes }) => (pushes === null ? 'where its operator says so' : yes(pushes))],
  ['our push address is sent unless you say otherwise', (_, kind) => yes(definitionOf(kind).acceptsNotifyHook)],
  ['version of prompts without one', (_, kind) => definitionOf(kind).defaultVersion ?? 'as the server has it'],
];

/** The table of all kinds: a line for each capability, a column for each kind. */
export function kindsTable(): string {
  const kinds = UPSTREAM_KINDS.map((kind) => `[${kind}](upstreams/${kind}.md)`);
  const lines = LINES.map(([what, cell]) => [what, ...UPSTREAM_KINDS.map((kind) => cell(capabilitiesOf(kind), kind))]);
  return table(['', ...kinds], lines);
}

/** How many calls a task of a kind is polled with. */
export function pollTable(kind: UpstreamKind): string {
  const { progress, readsBatches } = capabilitiesOf(kind);
  const shared = readsBatches === false ? 'calls' : 'calls, each for up to 100 tasks where it reads many at once';
  return table(
    ['', shared],
    RUNS.map(([what, ms]) => [what, String(pollsOf(ms, progress))]),
  );
}

/** What is taken for true of a kind. */
export function assumptionTable(kind: UpstreamKind): string {
  return table(
    ['id', 'expected', 'grade', 'source', 'where it is not so', '`try-upstream` tries it'],
    definitionOf(kind).assumptions.map(assumptionLine),
  );
}

function assumptionLine({ id, expects, grade, source, otherwise, tried }: Assumption): string[] {
  return [id, expects, grade, source, otherwise, TRIED[tried]];
}

function lacking(actions: readonly string[]): string {
  const lacks = TASK_ACTIONS.filter((action) => !actions.includes(action));
  return lacks.length === 0 ? 'nothing that is known beforehand' : lacks.join(', ');
}

function capabilitiesOf(kind: UpstreamKind): KindCapabilities {
  return definitionOf(kind).capabilities;
}

function yes(value: boolean | null): string {
  return value === null ? 'learned from its answers' : value ? 'yes' : 'no';
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map(() => '---');
  return [head, rule, ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

import {
  readFaultPages,
  readLimitGroups,
  type Evidence,
  type Fault,
  type FaultPage,
  type Limit,
  type LimitGroup,
} from './fault-tables.js';
import { decisionIndex, readDecision } from './decision-index.js';
import { sentence, wrapLines } from './markdown-lines.js';
import { questionDocument } from './question-document.js';
import { upstreamDocuments } from './upstream-documents.js';

/** What the documents are made of, by its path. */
export const SOURCES = ['docs/reliability.yaml', 'docs/security.yaml'] as const;

const DECISIONS = 'docs/decisions';

/** The files of the repository, by paths from its root. */
export interface Repository {
  read: (path: string) => string;
  list: (folder: string) => readonly string[];
}

/** The documents that `npm run docs` writes. @throws Error that names what is wrong in a source */
export function generatedDocuments({ read, list }: Repository): [path: string, text: string][] {
  const pages = SOURCES.flatMap((source) =>
    readFaultPages(read(source)).map((page): [string, string] => [
      `docs/faults/${page.page}.md`,
      faultDocument(page, source),
    ]),
  );
  const limits = limitDocument(readLimitGroups(read('docs/security.yaml')), 'docs/security.yaml');
  const decisions = list(DECISIONS).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const index = decisionIndex(decisions.map((name) => readDecision(name, read(`${DECISIONS}/${name}`))));
  return [
    ...pages,
    ['docs/limits.md', limits],
    [`${DECISIONS}/README.md`, index],
    ...upstreamDocuments(read),
    questionDocument(read),
  ];
}

function head(title: string, source: string): string[] {
  return [`<!-- \`npm run docs\` writes this file from ${source}. -->`, '', `# ${title}`, ''];
}

function faultDocument({ title, about, faults }: FaultPage, source: string): string {
  const name = source.replace('docs/', '');
  const intro = `Each fault below has a promise, and tests that show that it holds. Their titles stand in [${name}](../${name}), and a test holds them against the suite.`;
  return [
    ...head(`Faults: ${title.charAt(0).toLowerCase()}${title.slice(1)}`, source),
    wrapLines(fromFolder(about === undefined ? intro : `${about} ${intro}`)),
    '',
    ...faults.flatMap((fault) => [faultItem(fault), '']),
  ].join('\n');
}

function faultItem({ id, fault, then, shown }: Fault): string {
  const name = id === undefined ? '' : `${id}: `;
  return [
    wrapLines(fromFolder(`**${name}${sentence(fault)}** ${sentence(then)}`), '- '),
    wrapLines(`Shown by ${sentence(shown.map(evidence).join(', '))}`, '  '),
  ].join('\n');
}

function evidence({ file, chaos, note }: Evidence): string {
  if (chaos !== undefined) return `\`npm run chaos -- ${chaos}\``;
  if (file === undefined) return `no test of our own: ${note ?? ''}`;
  const name = (file.split('/').at(-1) ?? file).replace(/(\.integration|\.property)?(\.spec|\.e2e-spec)?\.ts$/, '');
  return `[${name}](../../${file})${note === undefined ? '' : ` (${note})`}`;
}

/** Links of the source are relative to docs/, pages of faults lie one folder deeper. */
function fromFolder(text: string): string {
  return text.replaceAll('](decisions/', '](../decisions/');
}

function limitDocument(groups: readonly LimitGroup[], source: string): string {
  const intro =
    'What one connection, one address, one key and everybody together may hold. A limit with a variable can be set; a limit without one is fixed. /metrics shows how much is held ([operations.md](operations.md#metrics)). What the limits defend is told in [security.md](security.md).';
  return [
    ...head('Limits', source),
    wrapLines(intro),
    '',
    ...groups.flatMap(({ title, about, items }) => [
      `## ${title}`,
      '',
      ...(about === undefined ? [] : [wrapLines(about), '']),
      ...items.map(limitItem),
      '',
    ]),
  ].join('\n');
}

function limitItem(item: Limit): string {
  const variable = item.variable === undefined ? '' : ` (\`${item.variable}\`)`;
  const beyond = item.beyond === undefined ? '' : ` Beyond it: ${sentence(item.beyond)}`;
  return wrapLines(`**${item.limit}**: ${item.default}${variable}.${beyond}`, '- ');
}

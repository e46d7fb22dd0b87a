import { QUESTIONS } from '../../../gateway/src/reports/questions/catalogue.js';
import { QUESTION_GROUPS, type Question, type QuestionGroup } from '../../../gateway/src/reports/questions/question.js';
import { bindSql } from '../../../gateway/src/reports/sql/bound-sql.js';
import { sentence } from './markdown-lines.js';

const PATH = 'docs/reporting.md';
const [OPEN, CLOSE] = ['<!-- questions -->', '<!-- /questions -->'];

const HEADINGS: Readonly<Record<QuestionGroup, string>> = {
  now: 'Now',
  history: 'Over time',
  money: 'Credits and keys',
  failures: 'Failures',
  tasks: 'Tasks',
  upstreams: 'Upstreams',
  hooks: 'Hooks',
  schema: 'The schema itself',
};

/** docs/reporting.md with every question of the catalogue, defaults written in. @throws Error where their place is missing */
export function questionDocument(read: (path: string) => string): [path: string, text: string] {
  const text = read(PATH);
  const [from, to] = [text.indexOf(OPEN), text.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error(`${PATH} has no ${OPEN} … ${CLOSE}`);
  const groups = QUESTION_GROUPS.map((group) => {
    const questions = QUESTIONS.filter((question) => question.group === group);
    return [`### ${HEADINGS[group]}`, ...questions.map(questionText)].join('\n\n');
  });
  return [PATH, `${text.slice(0, from + OPEN.length)}\n\n${groups.join('\n\n')}\n\n${text.slice(to)}`];
}

function questionText({ name, title, description, sql, parameters }: Question): string {
  const { readable } = bindSql(sql, parameters, {});
  const names = parameters.map((parameter) => `\`:${parameter.name}\``).join(', ');
  const takes = names === '' ? '' : ` Parameters: ${names}.`;
  return `**${sentence(title.en)}** ${sentence(description.en)} (\`${name}\`)${takes}\n\n\`\`\`sql\n${readable}\n\`\`\``;
}

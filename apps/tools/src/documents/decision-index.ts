/** What the head of a record of a decision says. */
export interface Decision {
  file: string;
  number: string;
  title: string;
  /** Day, YYYY-MM-DD. */
  date: string;
  status: string;
}

const HEAD = /^# (\d{4}): (.+)\n\nDate: (\d{4}-\d{2}-\d{2}) · Status: (.+)\n\n/;

/** @throws Error when the record does not begin with title, date and status in the one form that all have */
export function readDecision(file: string, text: string): Decision {
  const [, number, title, date, status] = HEAD.exec(text) ?? [];
  if (number === undefined || title === undefined || date === undefined || status === undefined)
    throw new Error(`${file} does not begin with "# NNNN: title", a blank line, and "Date: YYYY-MM-DD · Status: …"`);
  if (!file.startsWith(`${number}-`)) throw new Error(`${file} calls itself ${number}`);
  return { file, number, title, date, status };
}

/** docs/decisions/README.md: every record in a line, the oldest first. */
export function decisionIndex(decisions: readonly Decision[]): string {
  const lines = [...decisions]
    .sort((a, b) => (a.number < b.number ? -1 : 1))
    .map(({ file, number, title, date, status }) => {
      const mark = status === 'accepted' ? '' : `, ${status}`;
      return `- [${number}](${file}) ${title} (${date}${mark})`;
    });
  return [
    '<!-- `npm run docs` writes this file from the heads of the records. -->',
    '',
    '# Decisions',
    '',
    'Each record says what was to be decided, what was chosen, what was refused and why, and what the choice costs. A record',
    'is not rewritten when its decision changes: a later one supersedes it. Where the status says nothing else, the decision',
    'is in force.',
    '',
    ...lines,
    '',
  ].join('\n');
}

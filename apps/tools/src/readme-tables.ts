import { LOCAL_ERRORS } from '#libs/wire';
import { VARIABLES } from '../../gateway/src/config/variables.js';

/** README.md with its generated tables as the code has them; a table stands between `<!-- name -->` and `<!-- /name -->`. */
export function readmeTables(readme: string): string {
  return fill(fill(readme, 'errors', errorTable()), 'variables', variableTable());
}

function errorTable(): string {
  const rows = Object.entries(LOCAL_ERRORS).map(
    ([name, { status, meaning }]) => `| \`${name}\` | ${status} | ${cell(meaning)} |`,
  );
  return ['| error | HTTP | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function variableTable(): string {
  const rows = Object.entries(VARIABLES).map(([name, { shown, about }]) => `| ${name} | ${shown} | ${cell(about)} |`);
  return ['| variable | default | |', '| --- | --- | --- |', ...rows].join('\n');
}

function fill(text: string, name: string, table: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before = '', rest = ''] = text.split(open);
  return `${before}${open}\n\n${table}\n\n${close}${rest.split(close)[1] ?? ''}`;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

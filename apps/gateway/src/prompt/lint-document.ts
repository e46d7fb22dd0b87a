import { exclusionTable, kindParameterTable, kindTable, parameterTable, ruleTable } from '#libs/wire';

const TABLES = {
  rules: ruleTable,
  parameters: parameterTable,
  exclusions: exclusionTable,
  kinds: kindTable,
  'kind-parameters': kindParameterTable,
};

/** docs/prompt-lint.md with its tables as the code has them; each stands between `<!-- name -->` and `<!-- /name -->`. */
export function lintDocument(text: string): string {
  return Object.entries(TABLES).reduce((filled, [name, table]) => fill(filled, name, table()), text);
}

function fill(text: string, name: string, table: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before = '', rest = ''] = text.split(open);
  const [, after] = rest.split(close);
  if (after === undefined) throw new Error(`the text has no place for the table of ${name}`);
  return `${before}${open}\n\n${table}\n\n${close}${after}`;
}

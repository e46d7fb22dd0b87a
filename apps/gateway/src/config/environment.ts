import { secretMistake } from '#libs/upstream';
import type { Variable } from './variable.js';
import { INTERNAL_VARIABLES, VARIABLES } from './variables.js';

type Declared = typeof VARIABLES & typeof INTERNAL_VARIABLES;

/** The environment, read and typed. */
export type Environment = { readonly [Name in keyof Declared]: Declared[Name] extends Variable<infer T> ? T : never };

/** Invalid variables of the environment, a line each. */
export class EnvironmentError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'));
  }
}

/** Variables that the gateway cannot run without. */
const REQUIRED: readonly (keyof Declared)[] = ['DATABASE_URL', 'SECRET_KEY'];

/**
 * Reads the environment once. Empty counts as absent. The text of a wrong value is shown unless it may be a secret.
 * @param required what must be given
 * @throws EnvironmentError with every mistake at once
 */
export function readEnvironment(
  source: Readonly<Record<string, string | undefined>>,
  required: readonly (keyof Declared)[] = REQUIRED,
): Environment {
  const mistakes: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries<Variable<unknown>>({ ...VARIABLES, ...INTERNAL_VARIABLES })) {
    const given = source[name]?.trim() ?? '';
    values[name] = variable.fallback;
    if (given === '') continue;
    try {
      values[name] = variable.read(given);
    } catch (error) {
      const shown = /SECRET|KEY|DATABASE_URL|SQL_URL|PROXY/.test(name) ? '' : ` is "${given}"`;
      mistakes.push(`${name}${shown}: it must be ${error instanceof Error ? error.message : 'something else'}`);
    }
  }
  for (const name of required) {
    if (values[name] === null && !mistakes.some((line) => line.startsWith(name))) mistakes.push(`${name} is required`);
  }
  if (values['ANONYMOUS'] === true && values['API_KEY'] === null) mistakes.push('ANONYMOUS=true needs API_KEY');
  if (values['ADMIN_KEY'] !== null && values['ADMIN_KEY'] === values['API_KEY']) {
    mistakes.push('ADMIN_KEY must not be the API_KEY: clients would be admins');
  }
  const environment = values as Environment;
  mistakes.push(...mistakesOfUpstream(environment));
  if (mistakes.length > 0) throw new EnvironmentError(mistakes);
  return environment;
}

function mistakesOfUpstream({ UPSTREAM_URL, UPSTREAM_KIND, UPSTREAM_SECRET }: Environment): string[] {
  if (UPSTREAM_URL === null) return [];
  const needs = secretMistake(UPSTREAM_KIND, UPSTREAM_SECRET);
  return needs === null ? [] : [`UPSTREAM_SECRET ${needs}`];
}

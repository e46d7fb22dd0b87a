import { wrongFields } from '../../http/errors/problem.js';

/** @param names what each line of a list is for @throws Problem that names every line but the first of each */
export function refuseDuplicates(names: readonly string[]): void {
  const duplicates = names.flatMap((name, at) => (names.indexOf(name) < at ? [{ name, at }] : []));
  if (duplicates.length === 0) return;
  throw wrongFields(duplicates.map(({ name, at }) => ({ field: `[${at}]`, message: `${name} is there twice` })));
}

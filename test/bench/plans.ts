/** A node of EXPLAIN (FORMAT JSON), as far as it is read here. */
export interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  Plans?: readonly Plan[];
}

/** Names of the indexes that a plan uses anywhere, each once, in its order. */
export function indexesOf(plan: Plan): string[] {
  const own = plan['Index Name'] === undefined ? [] : [plan['Index Name']];
  return [...new Set([...own, ...(plan.Plans ?? []).flatMap(indexesOf)])];
}

/** Whether a plan reads a table from its beginning to its end anywhere. */
export function scansWholeTable(plan: Plan, table: string): boolean {
  const isScan = /Seq Scan$/.test(plan['Node Type']) && plan['Relation Name'] === table;
  return isScan || (plan.Plans ?? []).some((inner) => scansWholeTable(inner, table));
}

/** A cell of an answer as text: cells are texts, numbers, booleans or null. @param none what stands for null */
export function cellText(cell: unknown, none = ''): string {
  if (cell === null || cell === undefined) return none;
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

/** Keycap digits begin the options of a text that DESCRIBE or SHORTEN found; the variation selector is sometimes lost. */
const OPTION = /^[^\S\r\n]*(\d)\uFE0F?\u20E3/gmu;

/** Whether a text has numbered options: `1️⃣ a fox …`, each at the beginning of a line. */
export function isNumbered(text: string): boolean {
  return text.includes('\u20E3') && text.search(OPTION) !== -1;
}

/** The option of that number, without its number; "" where there is none. A text without numbers is the option itself. */
export function numberedOption(text: string, number: number): string {
  const starts = [...text.matchAll(OPTION)];
  if (starts.length === 0) return text;
  const at = starts.findIndex(([, digit]) => Number(digit) === number);
  const start = starts[at];
  if (start === undefined) return '';
  return text.slice(start.index + start[0].length, starts[at + 1]?.index).trim();
}

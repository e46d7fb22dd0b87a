/** Numbers in front of the texts of a describe or a shorten: "1️⃣ ", "2. ", "3) ". */
const NUMBER = /^\s*(?:\d\ufe0f?\u20e3|\d{1,2}[.):、])\s*/u;

/** The prompts that a describe or a shorten found, each on its own. */
export function foundTexts(text: string): string[] {
  return text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && NUMBER.test(line))
    .map((line) => line.replace(NUMBER, ''))
    .filter((line) => line !== '');
}

/** The same; a text that is not a list is one. */
export function textsOf(text: string): string[] {
  const found = foundTexts(text);
  return found.length > 0 || text.trim() === '' ? found : [text.trim()];
}

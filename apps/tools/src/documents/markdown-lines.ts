/** Longest line of a generated document, characters. */
const WIDTH = 120;
/** Code and links are not broken; whatever else stands between blanks is a word. */
const WORD = /(?:`[^`]*`|\[[^\]]*\]\([^)]*\)|\S)+/g;
/** Such a word at the beginning of a line would make it a list, a heading or a quotation. */
const MARKER = /^(?:[-+*>]|#+|\d+[.)])$/;

/** A text in lines of at most 120 characters; `first` begins the first line, blanks of the same width the others. */
export function wrapLines(text: string, first = ''): string {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = first;
  let isBlank = true;
  for (const [word] of text.matchAll(WORD)) {
    const longer = isBlank ? line + word : `${line} ${word}`;
    if (!isBlank && longer.length > WIDTH && !MARKER.test(word)) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
    isBlank = false;
  }
  return [...lines, line].join('\n');
}

/** A sentence ends with its full stop, once. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

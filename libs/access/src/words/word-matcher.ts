/** Scripts that put no space between words: each of their characters counts as a word. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
/**
 * A word: one character of such a script with its marks, or a run of letters and digits, or one other sign. White space
 * separates words.
 */
const WORD = new RegExp(`[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])+|\\S`, 'gu');
/** Soft hyphens, joiners and other invisible characters. */
const UNSEEN = /\p{Cf}/gu;

interface Node {
  next: Map<string, Node>;
  /** The entry that ends at this node, as it was given; null: none. */
  entry: string | null;
}

const newNode = (): Node => ({ next: new Map(), entry: null });

/**
 * Finds entries of a list in texts, with a trie of words: an entry is one word or several in a row, and matches whatever
 * its case, its width and the white space between its words. In scripts without spaces an entry is found wherever its
 * characters stand together. The time depends on the text and the longest entry, not on the number of entries.
 */
export class WordMatcher {
  private readonly root = newNode();

  constructor(entries: Iterable<string>) {
    for (const entry of entries) {
      let node = this.root;
      for (const word of wordsOf(entry)) {
        const next = node.next.get(word) ?? newNode();
        node.next.set(word, next);
        node = next;
      }
      if (node !== this.root) node.entry ??= entry;
    }
  }

  /** The first entry that occurs in the text, as it was given; the longest one where several begin at that word; null: none. */
  find(text: string): string | null {
    if (this.root.next.size === 0) return null;
    const words = wordsOf(text);
    for (let at = 0; at < words.length; at += 1) {
      const entry = this.longestAt(words, at);
      if (entry !== null) return entry;
    }
    return null;
  }

  private longestAt(words: readonly string[], from: number): string | null {
    let entry: string | null = null;
    let node: Node | undefined = this.root;
    for (let at = from; node !== undefined; at += 1) {
      entry = node.entry ?? entry;
      node = at < words.length ? node.next.get(words[at] ?? '') : undefined;
    }
    return entry;
  }
}

/** The words of a text, folded for comparison; none for a text without visible characters. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKC').replace(UNSEEN, '');
  // Folded by way of upper case, so that ß equals ss, and σ equals ς.
  const folded = plain.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
  return folded.match(WORD) ?? [];
}

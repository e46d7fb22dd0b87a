import { type Database, type Statement } from '#libs/database';
import { monotonicMs, type MonotonicClock } from '#libs/runtime';
import { WordMatcher } from './word-matcher.js';

const KEEP_MS = 5_000;

const LIST_WORDS: Statement = {
  name: 'banned_words',
  pool: 'http',
  text: 'select word from banned_word order by word',
};

/** The words that end a submit, as this replica knows them, at most five seconds old. */
export class BannedWords {
  private matcher: Promise<WordMatcher> | undefined;
  private until = 0;
  private known: { words: readonly string[]; matcher: WordMatcher } | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: MonotonicClock = monotonicMs,
  ) {}

  /** The first banned word of a text, as it stands in the list; null: none. @throws DatabaseUnavailableError */
  async find(text: string): Promise<string | null> {
    const now = this.clock();
    if (this.matcher === undefined || this.until <= now) {
      const matcher = this.load();
      this.matcher = matcher;
      this.until = now + KEEP_MS;
      matcher.catch(() => {
        if (this.matcher === matcher) this.matcher = undefined;
      });
    }
    return (await this.matcher).find(text);
  }

  private async load(): Promise<WordMatcher> {
    const rows = await this.database.run<{ word: string }>(LIST_WORDS);
    const words = rows.map(({ word }) => word);
    const { known } = this;
    const isSame = known?.words.length === words.length && known.words.every((word, at) => word === words[at]);
    if (!isSame) this.known = { words, matcher: new WordMatcher(words) };
    return this.known?.matcher ?? new WordMatcher(words);
  }
}

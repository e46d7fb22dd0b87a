import { statement, type Database, type NoParameters } from '#libs/database';
import { monotonicMs, CachedValue, type MonotonicClock } from '#libs/runtime';
import { WordMatcher } from './word-matcher.js';

const KEEP_MS = 5_000;

const LIST_WORDS = statement<NoParameters, { word: string }>({
  name: 'banned_words',
  pool: 'http',
  text: 'select word from banned_word order by word',
});

/** Read cache of the banned words, at most five seconds old. */
export class BannedWords {
  private readonly matcher: CachedValue<WordMatcher>;
  private known: { words: readonly string[]; matcher: WordMatcher } | undefined;

  constructor(
    private readonly database: Database,
    clock: MonotonicClock = monotonicMs,
  ) {
    this.matcher = new CachedValue(KEEP_MS, clock);
  }

  /** The first banned word that occurs in a text, as the list spells it; null: none. @throws DatabaseUnavailableError */
  async find(text: string): Promise<string | null> {
    return (await this.matcher.get(() => this.load())).find(text);
  }

  private async load(): Promise<WordMatcher> {
    const rows = await this.database.run(LIST_WORDS);
    const words = rows.map(({ word }) => word);
    const { known } = this;
    const isSame = known?.words.length === words.length && known.words.every((word, at) => word === words[at]);
    if (!isSame) this.known = { words, matcher: new WordMatcher(words) };
    return this.known?.matcher ?? new WordMatcher(words);
  }
}

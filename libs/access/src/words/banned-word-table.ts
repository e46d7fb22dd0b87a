import { rowReader, statement, type NoParameters, type StatementRunner } from '#libs/database';
import { BannedWord } from './banned-word.entity.js';

const LIST = statement<NoParameters, object>({
  name: 'banned_word_list',
  pool: 'http',
  text: 'select word, note, created_at from banned_word order by word',
});

const LOCK = statement<NoParameters, object>({
  name: 'banned_word_lock',
  pool: 'http',
  text: 'lock table banned_word in share row exclusive mode',
});

/** Words that were in the list before keep their `created_at`. `words`: JSON of `[{word, note}]`. */
const REPLACE = statement<{ words: string }, object>({
  name: 'banned_word_replace',
  pool: 'http',
  text: `
    with given as materialized (
      select word, note from jsonb_to_recordset(:words::jsonb) as g (word text, note text)
    ), gone as (
      delete from banned_word b where not exists (select from given g where g.word = b.word)
    )
    insert into banned_word (word, note) select word, note from given
    on conflict (word) do update set note = excluded.note`,
});

const readWord = rowReader(BannedWord);

/** All banned words, in the order of the words. @throws DatabaseUnavailableError */
export async function listBannedWords(runner: StatementRunner): Promise<BannedWord[]> {
  return (await runner.run(LIST)).map(readWord);
}

/**
 * Replaces the banned words.
 * @param runner of a transaction · @param words in lower case, each once
 * @throws DatabaseUnavailableError
 */
export async function replaceBannedWords(
  runner: StatementRunner,
  words: readonly Pick<BannedWord, 'word' | 'note'>[],
): Promise<void> {
  await runner.run(LOCK);
  await runner.run(REPLACE, { words: JSON.stringify(words) });
}

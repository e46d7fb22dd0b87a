import { statement, type StatementRunner } from '#libs/database';

const NOTE_LINKS_FETCHED = statement<{ upstreamId: string }, object>({
  name: 'upstream_note_links_fetched',
  pool: 'work',
  text: 'update upstream set links_fetched_at = now() where id = :upstreamId and links_fetched_at is null',
});

/** Records that an upstream reaches links of ours; once is enough. @throws DatabaseUnavailableError */
export async function noteLinksFetched(database: StatementRunner, upstreamId: string): Promise<void> {
  await database.run(NOTE_LINKS_FETCHED, { upstreamId });
}

import { Logger } from '@nestjs/common';
import { logFailure, statement, type Database } from '#libs/database';
import type { JobScheduler } from '#libs/runtime';

const FLUSH_MS = 60_000;

/** Rows that another replica has locked are skipped: it is writing the same time. */
const WRITE_USE = statement<{ keyIds: string[] }, object>({
  name: 'key_write_use',
  pool: 'work',
  text: `update api_key k set last_used_at = now()
    from (select id from api_key where id = any(:keyIds::bigint[])
      and (last_used_at is null or last_used_at < now() - interval '30 s')
      order by id for no key update skip locked) used
    where k.id = used.id`,
});

/** When keys were last used, to about a minute: one statement a minute for all keys of this replica. */
export class KeyUsage {
  private readonly log = new Logger(KeyUsage.name);
  private readonly used = new Set<string>();

  constructor(
    scheduler: Pick<JobScheduler, 'add'>,
    private readonly database: Database,
  ) {
    scheduler.add({ name: KeyUsage.name, everyMs: FLUSH_MS, work: () => this.flush() });
  }

  note(apiKeyId: string): void {
    this.used.add(apiKeyId);
  }

  /**
   * Writes the keys that were used since the last flush. Never throws: keys that could not be written go with the next
   * flush.
   */
  async flush(): Promise<void> {
    const ids = [...this.used];
    if (ids.length === 0) return;
    this.used.clear();
    try {
      await this.database.run(WRITE_USE, { keyIds: ids });
    } catch (error) {
      for (const id of ids) this.used.add(id);
      logFailure(this.log, 'the last use of keys could not be written', error);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }
}

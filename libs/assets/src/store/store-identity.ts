import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DatabaseUnavailableError, statement, type Database, type NoParameters } from '#libs/database';
import { errorCode } from './error-code.js';
import type { ImageStore } from './image-store.js';
import type { StoreHealth } from './store-health.js';

interface CurrentStore {
  id: string | null;
  hasPictures: boolean;
}

/** A store as its row in table store names it. */
interface StoreRow {
  id: string;
  kind: ImageStore['kind'];
  location: string;
}

/** SQL condition: whether any file of the store is still in use. */
const HAS_PICTURES = `(exists (select from asset where state = 'kept') or exists (select from input_picture where file is not null))`;

const CURRENT = statement<NoParameters, CurrentStore>({
  name: 'store_current',
  pool: 'work',
  text: `select (select id from store where is_current) as id,
    ${HAS_PICTURES} as "hasPictures"`,
});

const ADOPT = statement<StoreRow, object>({
  name: 'store_adopt',
  pool: 'work',
  text: 'insert into store (id, kind, location) values (:id, :kind, :location) on conflict do nothing',
});

// The insert reads from the update, so that there are never two current rows.
const REPLACE = statement<StoreRow, object>({
  name: 'store_replace',
  pool: 'work',
  text: `with old as (update store set is_current = false
      where is_current and not ${HAS_PICTURES} returning id)
    insert into store (id, kind, location) select :id, :kind, :location from old on conflict do nothing`,
});

const ADVICE = 'share the folder or use S3';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Checks that store and database belong together: replicas with a folder each would each keep a part of the pictures. The
 * store carries an id, and the database knows which store is the current one.
 */
export class StoreIdentity {
  private readonly log = new Logger(StoreIdentity.name);
  private found: string | null = 'the picture store has not been checked yet';

  constructor(
    private readonly database: Database,
    private readonly store: ImageStore,
    private readonly health: StoreHealth,
  ) {}

  /** Why this replica must not serve, in words that name no path, for the readiness check; null: it may. */
  problem(): string | null {
    return this.found;
  }

  /** Checks again. Never throws: while Postgres is away the last result stands. */
  async check(): Promise<void> {
    try {
      this.report(await this.compare());
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) return;
      this.log.error(`the picture store could not be checked: ${String(error)}`);
      this.report(`the picture store cannot be used (${errorCode(error) || 'unknown'})`);
    }
  }

  private report(problem: string | null): void {
    if (problem !== null && problem !== this.found) this.log.error(`${problem}; store: ${this.store.location}`);
    this.found = problem;
  }

  private async compare(): Promise<string | null> {
    const current = await this.readCurrent();
    const known = await this.store.identity();
    if (known !== null && !UUID.test(known)) return 'the store.id of the picture store is damaged';
    if (known === null && current.id !== null && current.hasPictures) {
      return `the picture store is empty, but this database's pictures lie in another one: ${ADVICE}`;
    }
    const mine = randomUUID();
    const id = known ?? (await this.identified(mine));
    // A store that has no id and cannot be written to holds no pictures that could be mixed up.
    if (id === null) return null;
    // A store that was made just now may replace one without pictures. A store that existed before may not: two replicas
    // with a folder each would replace each other's for ever.
    if (current.id === null) await this.write(ADOPT, id);
    else if (current.id !== id && id === mine) await this.write(REPLACE, id);
    const now = current.id === id ? current : await this.readCurrent();
    return now.id === id ? null : `this picture store is not the one that this database belongs to: ${ADVICE}`;
  }

  /** Writes an id into the store; null where that fails. */
  private identified(id: string): Promise<string | null> {
    return this.health.write(() => this.store.identify(id)).catch(() => null);
  }

  private async readCurrent(): Promise<CurrentStore> {
    const [row] = await this.database.run(CURRENT);
    return row ?? { id: null, hasPictures: false };
  }

  private async write(change: typeof ADOPT, id: string): Promise<void> {
    const { kind, location } = this.store;
    await this.database.run(change, { id, kind, location });
  }
}

import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { migrateDatabase } from './migrate-database.js';
import type { Blocker } from './migration-turn.js';

const TURN = 'lock table schema_migration in share update exclusive mode';

describe('the migrations of a start', () => {
  let database: TestDatabase;
  let clients: pg.Client[];
  let told: { waitsFor: string; blockers: readonly Blocker[] }[];

  beforeEach(async () => {
    database = await createTestDatabase();
    clients = [];
    told = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await database.drop();
  });

  const connect = async (name: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url, application_name: name });
    await client.connect();
    clients.push(client);
    return client;
  };
  const onBlocked = (waitsFor: string, blockers: readonly Blocker[]): void => void told.push({ waitsFor, blockers });
  const pidOf = (client: pg.Client): number => (client as unknown as { processID: number }).processID;
  /** Makes a migration pending again that wants a lock on table task. */
  const undoIndexes = (client: pg.Client): Promise<unknown> =>
    client.query(
      "drop index task_of_state, task_fruitless; delete from schema_migration where name like 'IndexLists%'",
    );

  it('wait for another that migrates, say who it is, and go on when it has ended', async () => {
    const other = await connect('another replica');
    await other.query(`begin; ${TURN}`);
    const migrated = migrateDatabase(database.url, { onBlocked });
    await until('the first word', () => told[0]);
    expect(told[0]?.waitsFor).toContain(`process ${pidOf(other)} (another replica, as`);
    expect(told[0]?.blockers).toMatchObject([{ pid: pidOf(other), application: 'another replica' }]);
    await other.query('rollback');
    await migrated;
  });

  it('do not wait for ever', async () => {
    const other = await connect('another replica');
    await other.query(`begin; ${TURN}`);
    await expect(migrateDatabase(database.url, { othersMs: 0 })).rejects.toThrow(
      /waited 0 s for another process that migrates of process \d+ \(another replica/,
    );
  });

  it('have nothing to do with the locks that anybody may take', async () => {
    const anybody = await connect('anybody');
    await anybody.query('select pg_advisory_lock(n) from unnest(array[7260414001, 7260414008, 7260414009, 7041602]) n');
    await migrateDatabase(database.url, { othersMs: 0, onBlocked });
    expect(told).toEqual([]);
  });

  it('leave the turn to nobody who may only read', async () => {
    const owner = await connect('owner');
    await owner.query('create role only_reads_here');
    try {
      await owner.query('set role only_reads_here');
      await expect(owner.query(TURN)).rejects.toMatchObject({ code: '25P01' });
      await expect(owner.query(`begin; ${TURN}`)).rejects.toMatchObject({ code: '42501' });
      await owner.query('rollback; reset role');
    } finally {
      await owner.query('drop role only_reads_here');
    }
  });

  it('build indexes beside those who write, and make half-built ones anew', async () => {
    const owner = await connect('owner');
    await undoIndexes(owner);
    await owner.query(
      "create index task_of_state on task (state); update pg_index set indisvalid = false where indexrelid = 'task_of_state'::regclass",
    );
    const reader = await connect('a long report');
    await reader.query('begin isolation level repeatable read; select from task');
    const migrated = migrateDatabase(database.url, { onBlocked });
    await until('the wait for the report', () => told.find(({ waitsFor }) => waitsFor.includes('a long report')));
    // Nobody who writes waits meanwhile.
    await owner.query("set lock_timeout = '1s'; begin; lock table task in row exclusive mode; rollback");
    await reader.query('rollback');
    await migrated;
    const { rows } = await owner.query(
      "select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indexrelid::regclass::text in ('task_of_state', 'task_fruitless') order by 1",
    );
    expect(rows).toEqual([
      { name: 'task_fruitless', valid: true },
      { name: 'task_of_state', valid: true },
    ]);
    const definition = await owner.query<{ text: string }>("select pg_get_indexdef('task_of_state'::regclass) as text");
    expect(definition.rows[0]?.text).toContain('hashtextextended');
  });

  it('let go of a lock that they do not get, so that others do not wait behind them, and try again', async () => {
    const owner = await connect('owner');
    await owner.query("drop table job_lock; delete from schema_migration where name like 'CreateJobLocks%'");
    // Creating the table waits for whoever makes one of that name.
    const other = await connect('a careless session');
    await other.query('begin; create table job_lock (n int)');
    const migrated = migrateDatabase(database.url, { onBlocked });
    await until('the wait', () => told.find(({ waitsFor }) => waitsFor.includes('a careless session')));
    await other.query('rollback');
    await migrated;
    expect((await owner.query('select from job_lock')).rowCount).toBe(3);
  });
});

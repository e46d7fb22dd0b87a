import { Logger } from '@nestjs/common';
import { Database, DatabaseUnavailableError } from '#libs/database';
import { ToxicProxy } from '../../../../test/support/toxic-proxy.js';
import { aNewTask } from '../../test/a-task.js';
import { startReplica } from '../../test/replica.js';
import { COMMAND } from '../../test/tracking-rig.js';
import { useTracking } from '../../test/use-tracking.js';
import type { Submission } from '../submit/submissions.js';

// Stands before the rig, so that it runs before the rig is emptied.
afterEach(async () => {
  await rig.sql('drop function if exists fail cascade');
});
const t = useTracking({ slots: 50, balance: 100 });
const { rig } = t;
beforeAll(async () => {
  Logger.overrideLogger(false);
  await rig.sql('create sequence runs');
});
beforeEach(async () => {
  await rig.sql('alter sequence runs restart');
});

/**
 * Makes `times` writes of tasks fail with this code; counted by a sequence, because a rollback undoes other counters.
 */
async function failOn(what: 'insert' | 'update', code: string, times: number): Promise<void> {
  await rig.sql(`create function fail() returns trigger language plpgsql as $$ begin
    if nextval('runs') <= ${times} then raise exception using errcode = '${code}', message = 'injected'; end if;
    return new; end $$`);
  await rig.sql(`create trigger fail before ${what} on task for each row execute function fail()`);
}

function submit(): Promise<Submission> {
  return t.replica.submissions.submit({
    newTask: aNewTask({ apiKeyId: t.apiKeyId }),
    command: COMMAND,
    answerOf: () => null,
  });
}

describe.each(['40P01', '40001'])('%s while a task', (code) => {
  it.each([1, 2])('is opened, %d times: it is opened and sent once', async (times) => {
    await failOn('insert', code, times);
    expect(await submit()).toMatchObject({ kind: 'sent', outcome: { kind: 'accepted' } });
    expect(await rig.count('task')).toBe(1);
    expect(await rig.balance(t.apiKeyId)).toBe(99.9);
    expect(t.fake.submits).toHaveLength(1);
  });

  it('is opened, each time: the database is reported unavailable, nothing is held and nothing sent', async () => {
    await failOn('insert', code, 99);
    await expect(submit()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(await rig.count('task')).toBe(0);
    expect(await rig.balance(t.apiKeyId)).toBe(100);
    expect(t.fake.submits).toEqual([]);
  });

  it.each([1, 2, 3, 7])('is settled, %d times: its client has its id, and it was sent once', async (times) => {
    await failOn('update', code, times);
    expect(await submit()).toMatchObject({ kind: 'sent', task: { status: 'SUBMITTED', upstreamTaskId: 'up-1' } });
    expect(await rig.count("task_event where kind = 'accepted'")).toBe(1);
    expect(t.fake.submits).toHaveLength(1);
  });
});

it('a full disk when a task is opened sends nothing; when it is settled, the client has its id', async () => {
  await failOn('insert', '53100', 1);
  await expect(submit()).rejects.toBeInstanceOf(DatabaseUnavailableError);
  expect(t.fake.submits).toEqual([]);
  await rig.sql('drop function fail cascade');
  await rig.sql('alter sequence runs restart');
  await failOn('update', '53100', 2);
  expect(await submit()).toMatchObject({ kind: 'sent', task: { status: 'SUBMITTED' } });
  expect(await rig.count('task')).toBe(1);
  expect(t.fake.submits).toHaveLength(1);
});

it('an answer that can never be stored gives the client its id, and the task is looked up', async () => {
  await failOn('update', '23514', 99);
  expect(await submit()).toMatchObject({ kind: 'sent', outcome: { kind: 'accepted' } });
  expect(t.fake.submits).toHaveLength(1);
  expect(await rig.count('task where upstream_task_id is null and look_up_at is not null')).toBe(1);
});

describe('two replicas behind a slow link', () => {
  it('claim no task twice, send no task twice, and every lease outlasts its batch', async () => {
    const proxy = await ToxicProxy.start(rig.url);
    const databases = [1, 2].map(
      () => new Database({ url: proxy.url, connections: { http: 3, work: 4 }, statementTimeoutMs: 20_000 }),
    );
    for (const database of databases) await database.start();
    const replicas = await Promise.all(databases.map((database) => startReplica(database, t.fake)));
    await rig.accepted(40, t.up, { apiKeyId: t.apiKeyId }, 'slow');
    for (let at = 0; at < 40; at += 1) t.fake.show(`slow-${at}`, { status: 'IN_PROGRESS', progress: 10 });
    await rig.sql('update upstream_load set max_concurrent = running');
    await Promise.all(Array.from({ length: 6 }, () => submit()));
    await rig.sql('update upstream_load set max_concurrent = running + 6');
    await rig.passTime(10_000);
    proxy.latencyMs = 500;
    await Promise.all(
      replicas.flatMap(({ sync, dispatcher, upstreams }) => {
        const target = upstreams.find(t.up.id);
        if (target === null) throw new Error('no upstream');
        return [sync.syncDue(target), sync.syncDue(target), dispatcher.dispatch()];
      }),
    );
    await Promise.all(replicas.map(({ scheduler }) => scheduler.beforeApplicationShutdown()));
    const asked = t.fake.polls.flat();
    expect(asked).toHaveLength(40);
    expect(new Set(asked).size).toBe(40);
    expect(new Set(t.fake.submits.map(({ context }) => context.state)).size).toBe(6);
    expect(t.fake.submits).toHaveLength(6);
    expect(await rig.count("task where status = 'IN_PROGRESS'")).toBe(40);
    expect(await rig.count("task where status = 'SUBMITTED'")).toBe(6);
    proxy.heal();
    for (const slow of replicas) await slow.stop();
    for (const database of databases) await database.close();
    await proxy.close();
  });
});

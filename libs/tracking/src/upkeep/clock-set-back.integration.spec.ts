import { databaseScheduler } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { OPTIONS } from '../../test/replica.js';
import { useRig } from '../../test/use-tracking.js';
import { ClockSetBack } from './clock-set-back.js';

const HOUR = 3_600_000;
/** Times three seconds ahead and three seconds ago by the clock before it was set back by two hours. */
const SOON = "now() + interval '2 h 3 s'";
const JUST_NOW = "now() + interval '2 h' - interval '3 s'";

describe('work that was due by a clock that was set back', () => {
  const rig = useRig();
  let scheduler: JobScheduler;
  let setBack: ClockSetBack;

  beforeAll(() => {
    scheduler = databaseScheduler(rig.database);
    setBack = new ClockSetBack(scheduler, rig.database, OPTIONS);
  });

  const insertTask = (key: string, id: number, columns: Record<string, string>): Promise<object[]> => {
    const names = Object.keys(columns);
    return rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, base_url, ${names.join()})
       values (${id}, ${key}, 'IMAGINE', 'FAST', 'MID_JOURNEY', '', ${Object.values(columns).join()})`,
    );
  };
  /** How far ahead of now these columns are, s. */
  const ahead = async (table: string, columns: string[], where = 'true'): Promise<Record<string, number | null>> => {
    const [row] = await rig.sql<Record<string, number | null>>(
      `select ${columns.map((name) => `round(extract(epoch from ${name} - now()))::int as ${name}`).join()} from ${table} where ${where}`,
    );
    return row ?? {};
  };
  /** About `seconds` ahead of now, with a tolerance for slow machines. */
  const near = (seconds: number): unknown => expect.closeTo(seconds, -2);

  it('is due as before the step, for tasks and their polls', async () => {
    const [key, { id: up }] = [await rig.key(), await rig.addUpstream(5)];
    await insertTask(key, 1, {
      status: "'SUBMITTED'",
      upstream_id: up,
      upstream_task_id: "'there'",
      submitted_at: JUST_NOW,
      started_at: JUST_NOW,
      sent_at: JUST_NOW,
      polled_at: JUST_NOW,
      missing_since: JUST_NOW,
      next_poll_at: SOON,
      deadline_at: `${JUST_NOW} + interval '1 h'`,
    });
    await rig.sql(`insert into task_poll (task_id, upstream_id, due_at) values (1, ${up}, ${SOON})`);
    await insertTask(key, 2, { status: "'NOT_START'", waiting: 'true', submitted_at: JUST_NOW, wait_until: SOON });
    await insertTask(key, 3, {
      status: "'NOT_START'",
      upstream_id: up,
      submitted_at: "now() - interval '1 h'",
      sent_at: JUST_NOW,
      send_deadline: SOON,
      look_up_at: SOON,
    });
    await insertTask(key, 4, { status: "'SUCCESS'", progress: '100', submitted_at: JUST_NOW, finished_at: SOON });
    expect(await setBack.mend(2 * HOUR)).toBe(4);
    const past = ['submitted_at', 'started_at', 'sent_at', 'polled_at', 'missing_since'];
    expect(await ahead('task', [...past, 'next_poll_at', 'deadline_at'], 'id = 1')).toEqual({
      ...Object.fromEntries(past.map((name) => [name, near(-3)])),
      next_poll_at: near(3),
      deadline_at: near(3_600),
    });
    expect(await ahead('task_poll', ['due_at'])).toEqual({ due_at: near(3) });
    expect(await ahead('task', ['submitted_at', 'wait_until'], 'id = 2')).toEqual({
      submitted_at: near(-3),
      wait_until: near(3),
    });
    expect(await ahead('task', ['submitted_at', 'sent_at', 'look_up_at'], 'id = 3')).toEqual({
      submitted_at: near(-3_600),
      sent_at: near(-3),
      look_up_at: near(3),
    });
    // Times of ended tasks are not corrected.
    expect(await ahead('task', ['finished_at'], 'id = 4')).toEqual({ finished_at: near(7_200) });
  });

  it('is due as before the step, for hooks, pictures, circuits and limits', async () => {
    const [key, { id: up }] = [await rig.key({ requestsPerMinute: 5 }), await rig.addUpstream(5)];
    await insertTask(key, 1, { status: "'SUCCESS'", progress: '100', finished_at: 'now()' });
    await rig.sql(`insert into hook_delivery (task_id, api_key_id, url, host, seq, terminal, payload, next_at, retry_at, claim_until, sent_at)
      values (1, ${key}, 'http://h', 'h:80', 1, true, '{}', ${SOON}, ${SOON}, ${SOON}, ${JUST_NOW})`);
    await rig.sql(`insert into hook_host (api_key_id, host, failing_since, probe_at, not_before)
      values (${key}, 'h:80', ${JUST_NOW}, ${SOON}, ${SOON})`);
    await rig.sql(
      `insert into asset (task_id, kind, n, source_url, next_at) values (1, 'image', 0, 'http://h/x.png', ${SOON})`,
    );
    await rig.sql(`insert into doomed_file (file, next_at) values ('2026/x.png', ${SOON})`);
    await rig.sql(`update upstream set circuit_until = ${SOON}, circuit_changed_at = ${JUST_NOW} where id = ${up}`);
    await rig.sql(`update account set window_at = ${JUST_NOW} where api_key_id = ${key}`);
    await setBack.mend(2 * HOUR);
    expect(await ahead('hook_delivery', ['next_at', 'retry_at', 'claim_until', 'sent_at'])).toEqual({
      next_at: near(3),
      retry_at: near(3),
      claim_until: near(3),
      sent_at: near(-3),
    });
    expect(await ahead('hook_host', ['failing_since', 'probe_at', 'not_before'])).toEqual({
      failing_since: near(-3),
      probe_at: near(3),
      not_before: near(3),
    });
    expect(await ahead('asset', ['next_at'])).toEqual({ next_at: near(3) });
    expect(await ahead('doomed_file', ['next_at'])).toEqual({ next_at: near(3) });
    expect(await ahead('upstream', ['circuit_until', 'circuit_changed_at'], `id = ${up}`)).toEqual({
      circuit_until: near(3),
      circuit_changed_at: near(-3),
    });
    expect(await ahead('account', ['window_at'], `api_key_id = ${key}`)).toEqual({ window_at: near(-3) });
    await rig.sql('delete from doomed_file; delete from asset; delete from hook_delivery; delete from hook_host');
  });

  it('is corrected in several batches, and rows due by the right clock stay', async () => {
    const [key, { id: up }] = [await rig.key(), await rig.addUpstream(5)];
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, base_url, submitted_at, upstream_id, upstream_task_id, next_poll_at)
       select n, ${key}, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUBMITTED', '', now() - interval '3 h', ${up}, 'up-' || n, now() from generate_series(1, 2600) n`,
    );
    await rig.sql(
      `insert into task_poll (task_id, upstream_id, due_at)
       select n, ${up}, case when n > 2500 then now() + interval '10 s' else ${SOON} end from generate_series(1, 2600) n`,
    );
    expect(await setBack.mend(2 * HOUR)).toBe(2_500);
    const [row] = await rig.sql<{ latest: number }>(
      'select round(extract(epoch from max(due_at) - now()))::int as latest from task_poll',
    );
    expect(row?.latest).toBeLessThanOrEqual(10);
    expect(await setBack.mend(2 * HOUR)).toBe(0);
  });
});

import { Logger } from '@nestjs/common';
import type { Candidate, Outcome, SubmitCommand } from '#libs/upstream';
import { aNewTask } from '../../../test/a-task.js';
import { OUTCOMES } from '../../../test/an-event.js';
import { FakeUpstream } from '../../../test/fake-upstream.js';
import type { Replica } from '../../../test/replica.js';
import { COMMAND } from '../../../test/tracking-rig.js';
import { useRig } from '../../../test/use-tracking.js';
import type { Submission } from '../submissions.js';
import { correlationIdOf } from '../../task/correlation-id.js';
import type { NewTask } from '../../task/new-task.js';

const rig = useRig();
let fake: FakeUpstream;
let replica: Replica;
let apiKeyId: string;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  fake = new FakeUpstream();
  apiKeyId = await rig.key({ balance: 100 });
});

/** Adds upstreams in the order in which they are tried, and starts a replica that knows them. */
async function upstreams(...slots: number[]): Promise<Candidate[]> {
  const made: Candidate[] = [];
  for (const [at, n] of slots.entries()) made.push(await rig.addUpstream(n, { priority: 100 - at }));
  replica = await rig.replica({}, fake);
  return made;
}

/** Sets the answer of each upstream; the others accept. */
function play(outcomes: Record<string, Outcome>): void {
  fake.answer = (_, up) => outcomes[up.id] ?? { kind: 'accepted', upstreamTaskIds: [`up-${fake.submits.length}`] };
}

function submit(newTask: Partial<NewTask> = {}, command: SubmitCommand = COMMAND): Promise<Submission> {
  return replica.submissions.submit({ newTask: aNewTask({ apiKeyId, ...newTask }), command, answerOf: () => null });
}

const asked = (): string[] => fake.submits.map(({ upstreamId }) => upstreamId);
const runningOf = (ups: Candidate[]): Promise<number[]> => Promise.all(ups.map(({ id }) => rig.running(id)));

const NOTHING: Outcome[] = [
  OUTCOMES.full,
  { kind: 'nothing_done', fault: 'connect' },
  { kind: 'nothing_done', fault: 'dns' },
  { kind: 'nothing_done', fault: 'no_account' },
];

describe('a submit whose upstream did nothing', () => {
  it.each(NOTHING)('is moved to another upstream within the request, with its slot: %j', async (outcome) => {
    const [one, two] = await upstreams(5, 5);
    play({ [one?.id ?? '']: outcome });
    const submission = await submit();
    expect(submission).toMatchObject({ kind: 'sent', outcome: { kind: 'accepted' } });
    expect(asked()).toEqual([one?.id, two?.id]);
    const [task] = await rig.rows();
    expect(task).toMatchObject({ status: 'SUBMITTED', upstreamId: two?.id, sendAttempt: 2, hasSlot: true });
    expect(submission.kind === 'sent' && submission.task).toEqual(task);
    expect(await runningOf([one, two].filter((up) => up !== undefined))).toEqual([0, 1]);
    expect(new Set(fake.submits.map(({ context }) => context.state))).toEqual(
      new Set([correlationIdOf(task?.id ?? '')]),
    );
    const [, moved] = await rig.timeline(task?.id ?? '');
    expect(moved).toMatchObject({
      kind: 'moved',
      source: 'sender',
      detail: { from: Number(one?.id), upstreamId: Number(two?.id) },
    });
    expect(await rig.balance(apiKeyId)).toBe(99.9);
  });

  it('is moved twice at most, then it waits', async () => {
    const ups = await upstreams(5, 5, 5, 5);
    fake.answer = () => OUTCOMES.full;
    expect((await submit()).kind).toBe('waiting');
    expect(asked()).toEqual(ups.slice(0, 3).map(({ id }) => id));
    expect(await runningOf(ups)).toEqual([0, 0, 0, 0]);
    expect(await rig.rows()).toMatchObject([{ waiting: true, hasSlot: false, upstreamId: null, sendAttempt: 3 }]);
  });

  it('waits when all other upstreams are full, disabled, behind an open circuit, or do not support the action', async () => {
    const [one, full, off, cut, relax] = await upstreams(5, 1, 5, 5, 5);
    await rig.accepted(1, full, { apiKeyId });
    await rig.sql('update upstream set enabled = false where id = $1', [off?.id]);
    await rig.sql(`update upstream set circuit_until = now() + interval '1 hour' where id = $1`, [cut?.id]);
    await rig.sql(`update upstream set modes = '{RELAX}' where id = $1`, [relax?.id]);
    await replica.upstreams.refresh();
    play({ [one?.id ?? '']: OUTCOMES.full });
    expect((await submit()).kind).toBe('waiting');
    expect(asked()).toEqual([one?.id]);
  });

  it('is declined when it may not wait and no other upstream takes it', async () => {
    await upstreams(5, 5);
    fake.answer = () => OUTCOMES.nothing_done;
    const { botType, mode, modeIsChosen, accountFilter } = COMMAND;
    const terms = { botType, mode, modeIsChosen, accountFilter };
    const upload = await submit({ action: 'UPLOAD' }, { kind: 'upload', images: ['x'], ...terms });
    expect(upload).toMatchObject({ kind: 'sent', outcome: OUTCOMES.nothing_done });
    expect(asked()).toHaveLength(2);
    expect(await rig.rows()).toMatchObject([{ status: 'FAILURE', refused: true, hasSlot: false }]);
    expect(await rig.balance(apiKeyId)).toBe(100);
  });

  it('is found by its correlation id at the last upstream when that answer is lost', async () => {
    const [one, two] = await upstreams(5, 5);
    play({ [one?.id ?? '']: OUTCOMES.full, [two?.id ?? '']: OUTCOMES.unknown });
    expect((await submit()).kind).toBe('sent');
    const [task] = await rig.rows();
    expect(task).toMatchObject({ status: 'NOT_START', upstreamId: two?.id });
    expect(task?.lookUpAt).not.toBeNull();
  });
});

describe('an upstream with a longer submit timeout', () => {
  const SLOW_MS = 120_000;
  const sendTimeouts = async (): Promise<number[]> =>
    (await rig.rows()).map(({ sentAt, sendDeadline }) => Number(sendDeadline) - Number(sentAt));

  it('is not looked up before its own timeout is over', async () => {
    const [slow] = await upstreams(5);
    await rig.sql('update upstream set submit_timeout_ms = $1 where id = $2', [SLOW_MS, slow?.id]);
    await replica.upstreams.refresh();
    await submit();
    expect(await sendTimeouts()).toEqual([SLOW_MS]);
  });

  it('has its own timeout for a submit that is moved to it', async () => {
    const [one, slow] = await upstreams(5, 5);
    await rig.sql('update upstream set submit_timeout_ms = $1 where id = $2', [SLOW_MS, slow?.id]);
    await replica.upstreams.refresh();
    play({ [one?.id ?? '']: OUTCOMES.full });
    await submit();
    expect(asked()).toEqual([one?.id, slow?.id]);
    expect(await sendTimeouts()).toEqual([SLOW_MS]);
  });
});

describe('never moved to another upstream', () => {
  it.each(['banned', 'refused', 'unknown', 'queued', 'window'] as const)('%s', async (kind) => {
    const [one] = await upstreams(5, 5);
    fake.answer = () => OUTCOMES[kind];
    await submit();
    expect(asked()).toEqual([one?.id]);
  });

  it('a follow-up, which only its parent’s upstream can serve', async () => {
    const [one, two] = await upstreams(5, 5);
    const [parent] = await rig.accepted(1, two, { apiKeyId });
    fake.answer = () => OUTCOMES.full;
    await submit({ parentId: parent?.id ?? '', upstreamId: two?.id ?? '' });
    expect(asked()).toEqual([two?.id]);
    expect(one).toBeDefined();
    expect((await rig.rows()).find(({ waiting }) => waiting)).toMatchObject({ upstreamId: two?.id });
  });
});

describe('the retry budget', () => {
  it('makes a submit wait at once when used up; a call that was never made costs nothing', async () => {
    const [one, two] = await upstreams(500, 500);
    play({ [one?.id ?? '']: { kind: 'nothing_done', fault: 'no_account' } });
    // Each submit has an action of its own, because an upstream is not asked again for an action that it just had no
    // account for.
    for (const action of ['IMAGINE', 'BLEND', 'SHORTEN', 'EDITS', 'RETEXTURE', 'VIDEO'] as const)
      for (const mode of ['FAST', 'TURBO'] as const) await submit({ action, mode });
    expect(asked().filter((id) => id === two?.id)).toHaveLength(10);
    expect(await rig.count('task where waiting')).toBe(2);

    // The replica knows that the circuit is open, so a task opened at that upstream is moved without a call.
    const opened = await replica.opener.open(rig.request([one], { apiKeyId }));
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    await rig.sql(`update upstream set circuit_until = now() + interval '1 hour' where id = $1`, [one?.id]);
    await replica.upstreams.refresh();
    const before = asked().length;
    const { task } = opened;
    await replica.sender.send({ task, command: COMMAND, mayWait: true, source: 'sender', answerOf: () => null });
    expect(asked().slice(before)).toEqual([two?.id]);
  });

  it('is not charged for a move from a full upstream', async () => {
    const [one, two] = await upstreams(500, 500);
    play({ [one?.id ?? '']: OUTCOMES.full });
    for (let at = 0; at < 40; at += 1) expect((await submit()).kind).toBe('sent');
    expect(await rig.count('task where waiting')).toBe(0);
    expect(asked().filter((id) => id === two?.id)).toHaveLength(40);
    expect(asked().filter((id) => id === one?.id).length).toBeLessThan(40);
  });

  it('is not charged for a search that finds no free slot', async () => {
    const [one, two] = await upstreams(500, 1);
    const [busy] = await rig.accepted(1, two, { apiKeyId });
    play({ [one?.id ?? '']: OUTCOMES.full });
    for (let at = 0; at < 12; at += 1) await submit();
    expect(asked()).not.toContain(two?.id);
    await replica.tasks.save(
      [busy?.on({ kind: 'missing', source: 'poller' }, rig.database.now())].flatMap((c) => c ?? []),
    );
    expect((await submit()).kind).toBe('sent');
    expect(asked().at(-1)).toBe(two?.id);
  });

  it('grows with the submits of the last minute', async () => {
    await upstreams(1);
    for (let at = 0; at < 200; at += 1) replica.budget.noteSubmit();
    let tries = 0;
    while (replica.budget.take()) tries += 1;
    expect(tries).toBe(20);
  });
});

describe('a move', () => {
  it('is made once, and takes no slot that is not free', async () => {
    const [one, two] = await upstreams(5, 1);
    const opened = await replica.opener.open(rig.request([one], { apiKeyId }));
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    const { task } = opened;
    const move = (): Promise<unknown> => replica.due.moveSend(task, [two], 30_000, 'sender', 'full');
    const moves = await Promise.all([move(), move(), move()]);
    expect(moves.filter((moved) => moved !== null)).toHaveLength(1);
    expect(await runningOf([one, two])).toEqual([0, 1]);
    expect(await rig.row(task.id)).toMatchObject({ upstreamId: two?.id, version: 1, sendAttempt: 2 });

    const next = await replica.opener.open(rig.request([one], { apiKeyId }));
    if (next.kind !== 'opened') throw new Error(next.kind);
    expect(await replica.due.moveSend(next.task, [two], 30_000, 'sender', 'full')).toBeNull();
    expect(await rig.row(next.task.id)).toEqual(next.task);
  });

  it('never deadlocks with another, in whatever directions tasks move', async () => {
    const ups = await upstreams(40, 40, 40);
    const tasks = await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        const opened = await replica.opener.open(rig.request([ups[at % 3]], { apiKeyId }));
        if (opened.kind !== 'opened') throw new Error(opened.kind);
        return opened.task;
      }),
    );
    const moved = await Promise.all(
      tasks.map((task, at) => replica.due.moveSend(task, [ups[(at + 1 + (at % 2)) % 3]], 30_000, 'sender', 'full')),
    );
    expect(moved.every((task) => task !== null)).toBe(true);
  });
});

describe('two upstreams, one of them down', () => {
  it('lose no submit: the circuit opens after five failures', async () => {
    const [dead, live] = await upstreams(50, 50);
    play({ [dead?.id ?? '']: { kind: 'nothing_done', fault: 'connect' } });
    for (let at = 0; at < 20; at += 1) expect((await submit()).kind).toBe('sent');
    expect(asked().filter((id) => id === dead?.id)).toHaveLength(5);
    expect(await rig.count("task where status = 'SUBMITTED'")).toBe(20);
    expect(await runningOf([dead, live])).toEqual([0, 20]);

    await rig.sql('update upstream set circuit_until = now() where circuit_until is not null');
    await replica.upstreams.refresh();
    await replica.prober.tick();
    play({});
    await submit();
    expect(asked().at(-1)).toBe(dead?.id);
  });
});

describe('the queue of a key', () => {
  it('keeps its limit when many concurrent submits find their upstreams full', async () => {
    await rig.addUpstream(50);
    replica = await rig.replica({ queueLimit: 3 }, fake);
    fake.answer = () => OUTCOMES.full;
    const submissions = await Promise.all(Array.from({ length: 10 }, () => submit()));
    expect(submissions.filter(({ kind }) => kind === 'waiting')).toHaveLength(3);
    for (const submission of submissions)
      if (submission.kind !== 'waiting') expect(submission).toMatchObject({ kind: 'sent', outcome: OUTCOMES.full });
    expect(await rig.count('task where waiting')).toBe(3);
    expect(await rig.count('task where refused')).toBe(7);
    expect(await rig.balance(apiKeyId)).toBe(99.7);
  });

  it('declines as full a submit that could not be sent at all', async () => {
    await rig.addUpstream(5);
    replica = await rig.replica({ queueLimit: 0 }, fake);
    fake.answer = () => OUTCOMES.nothing_done;
    expect(await submit()).toMatchObject({ kind: 'sent', outcome: OUTCOMES.full });
  });

  it('has the key’s own limit if there is one', async () => {
    await rig.addUpstream(5);
    replica = await rig.replica({ queueLimit: 0 }, fake);
    await rig.sql('update account set queue_limit = 1 where api_key_id = $1', [apiKeyId]);
    fake.answer = () => OUTCOMES.full;
    expect([(await submit()).kind, (await submit()).kind]).toEqual(['waiting', 'sent']);
  });

  it('keeps its limit of stored input', async () => {
    await rig.addUpstream(5);
    replica = await rig.replica({}, fake);
    fake.answer = () => OUTCOMES.full;
    await submit();
    await rig.sql('update task_input set bytes = 256 * 1024 * 1024');
    expect(await submit()).toMatchObject({ kind: 'sent', outcome: OUTCOMES.full });
    const other = await rig.key();
    expect((await submit({ apiKeyId: other })).kind).toBe('waiting');
  });

  it('takes a task back that was dispatched in vain, at any length', async () => {
    await rig.addUpstream(5);
    replica = await rig.replica({ queueLimit: 1 }, fake);
    fake.answer = () => OUTCOMES.full;
    await submit();
    await rig.passTime(60_000);
    await replica.dispatcher.dispatch();
    await replica.scheduler.beforeApplicationShutdown();
    expect(fake.submits).toHaveLength(2);
    expect(await rig.rows()).toMatchObject([{ waiting: true, sendAttempt: 2 }]);
  });
});

import type { CallFault, Outcome, Snapshot } from '#libs/upstream';
import { imagine } from '../../libs/upstream/test/commands.js';
import type { Kind, Situation } from './contract-bench.js';
import { commandOf, confirmModal, openModal } from './contract-commands.js';
import { SHORT_MS, type ContractSession } from './contract-session.js';

const KINDS: Record<Exclude<Kind, 'modal'>, true> = {
  imagine: true,
  blend: true,
  describe: true,
  shorten: true,
  change: true,
  action: true,
  edits: true,
  retexture: true,
  video: true,
  upload: true,
  swap: true,
};
/** All that can be asked of an upstream that has no window open. */
export const ALL_KINDS = Object.keys(KINDS) as Kind[];

/** What the upstream says of itself, so that it may be sent elsewhere, faulted or found again. */
const SAID: [Situation, unknown][] = [
  // With the Retry-After of a server that gives one.
  ['full', expect.objectContaining({ kind: 'full' })],
  ['no_account', { kind: 'nothing_done', fault: 'no_account' }],
  ['banned', { kind: 'banned', promptEn: expect.any(String), bannedWord: expect.stringMatching(/./) }],
  ['refused', { kind: 'refused', code: expect.any(Number), words: expect.stringMatching(/./) }],
  ['exists', { kind: 'exists', upstreamTaskId: expect.stringMatching(/./) }],
];
/** What happens to an answer after the work was accepted. */
const LOST: [Situation, CallFault[]][] = [
  ['hang', ['timeout']],
  ['reset', ['reset']],
  ['crash', ['status_5xx']],
  ['unreadable', ['unreadable', 'status_4xx']],
];

/** What submit promises of its outcomes. */
export function describeSubmit(at: ContractSession): void {
  it.each(ALL_KINDS.filter((kind) => at.has(kind) && kind !== 'upload'))('submit: %s is accepted', async (kind) => {
    const parent = await at.bench.finished(at.nextContext());
    const context = at.nextContext();
    const outcome = await at.submit(await commandOf(kind, parent, at.bench.picture), context);
    const ids = acceptedIds(outcome);
    expect(ids).toHaveLength(1);
    expect(ids).not.toContain(parent.upstreamTaskId);
    const snapshot = await at.bench.adapter.fetch(at.bench.target, ids[0] ?? '');
    expect(snapshot).toMatchObject({ upstreamTaskId: ids[0], state: at.markOf(context) });
  });

  if (at.has('upload'))
    it('submit: upload is done when it is answered, with one link for each picture', async () => {
      const outcome = await at.submit(
        await commandOf('upload', await at.bench.finished(at.nextContext()), at.bench.picture),
      );
      const link = expect.stringMatching(/^https?:\/\/./) as string;
      expect(outcome).toEqual({ kind: 'uploaded', urls: [link, link] });
    });

  const declined = ALL_KINDS.filter((kind) => !at.has(kind));
  if (declined.length > 0)
    it.each(declined)('submit: %s, which it does not have, is declined', async (kind) => {
      const parent = await at.bench.finished(at.nextContext());
      const outcome = await at.submit(await commandOf(kind, parent, at.bench.picture));
      expect(['refused', 'nothing_done']).toContain(outcome.kind);
    });

  if (at.has('window') && !at.has('upstream-window'))
    it('submit: a window that exists in the gateway only is opened without a call, and confirmed by one', async () => {
      const parent = await at.bench.finished(at.nextContext());
      const opened = at.bench.adapter.submitLocally(at.bench.target, openModal(parent), at.nextContext());
      expect(opened).toEqual({ kind: 'window', upstreamTaskId: null, finalPrompt: expect.any(String) });
      const context = at.nextContext();
      const [id = ''] = acceptedIds(await at.submit(confirmModal(parent, 'a blue fox'), context));
      expect(id).not.toBe(parent.upstreamTaskId);
      const snapshot = await at.bench.adapter.fetch(at.bench.target, id);
      expect(snapshot).toMatchObject({ upstreamTaskId: id, state: at.markOf(context) });
    });

  if (at.has('window') && at.has('upstream-window'))
    it('submit: a window waits under its id, and its modal keeps id and mark', async () => {
      const parent = await at.bench.finished(at.nextContext());
      const context = at.nextContext();
      const opened = await at.submit(openModal(parent), context);
      expect(opened).toEqual({
        kind: 'window',
        upstreamTaskId: expect.stringMatching(/./),
        finalPrompt: expect.any(String),
      });
      if (opened.kind !== 'window') return;
      const upstreamTaskId = opened.upstreamTaskId ?? '';
      expect(upstreamTaskId).not.toBe(parent.upstreamTaskId);
      await expect(at.bench.adapter.fetch(at.bench.target, upstreamTaskId)).resolves.toMatchObject({ status: 'MODAL' });
      const modal = await commandOf('modal', { ...parent, upstreamTaskId }, at.bench.picture);
      expect(acceptedIds(await at.submit(modal, context))).toEqual([upstreamTaskId]);
      const snapshot = await at.bench.adapter.fetch(at.bench.target, upstreamTaskId);
      expect(snapshot?.state).toBe(at.markOf(context));
      expect(snapshot?.status).not.toBe('MODAL');
    });

  it.each(SAID.filter(([situation]) => at.has(situation)))('submit: %s is told as such', async (situation, said) => {
    const outcome = await at.submit(await at.bench.meet(situation));
    expect(outcome).toEqual(said);
    if (outcome.kind === 'refused') expect([4, 9]).toContain(outcome.code);
    if (outcome.kind === 'exists')
      await expect(at.bench.adapter.fetch(at.bench.target, outcome.upstreamTaskId)).resolves.not.toBeNull();
  });

  it.each(LOST.filter(([situation]) => at.has(situation)))(
    'submit: %s after the acceptance is unknown, and the work was sent once',
    async (situation, faults) => {
      const context = at.nextContext();
      const up = situation === 'hang' ? { ...at.bench.target, submitTimeoutMs: SHORT_MS } : at.bench.target;
      const command = await at.bench.meet(situation);
      const outcome = await at.submit(command, context, up);
      expect(outcome).toEqual({ kind: 'unknown', fault: expect.stringMatching(`^(?:${faults.join('|')})$`) });
      await expect(at.bench.countTasks(context, command)).resolves.toBe(1);
      if (!at.has('recent')) return;
      const recent = await at.bench.adapter.listRecent(at.bench.target);
      const isOurs = ({ state, prompt }: Snapshot): boolean =>
        at.has('mark') ? state === context.state : 'prompt' in command && prompt.includes(command.prompt);
      expect(recent?.snapshots.filter(isOurs)).toHaveLength(1);
    },
  );

  it('submit: an upstream that nobody answers for has begun nothing', async () => {
    const outcome = await at.submit(imagine('a fox'), at.nextContext(), at.bench.unreachable);
    expect(outcome).toEqual({ kind: 'nothing_done', fault: 'connect' });
  });
}

/** The ids of an acceptance, with a place in a queue or not; fails the test for anything else. */
function acceptedIds(outcome: Outcome): string[] {
  if (outcome.kind === 'accepted' || outcome.kind === 'queued') return outcome.upstreamTaskIds;
  throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
}

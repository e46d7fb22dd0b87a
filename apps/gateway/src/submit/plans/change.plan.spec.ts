import { Task } from '#libs/tracking';
import type { Picture } from '#libs/upstream';
import { MjError } from '../../http/errors/mj-error.js';
import { planAction } from './action.plan.js';
import { planChange, planSimpleChange } from './change.plan.js';
import type { GivenPicture } from '../pictures/picture.js';
import { withPictures } from '../pictures/planned-work.js';
import type { SubmitPlan } from './submit-plan.js';

const ID = '6237012345678901';
const JOB = '9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11';
const U1 = `MJ::JOB::upsample::1::${JOB}`;
const button = (customId: string): { customId: string; emoji: string; label: string; type: number; style: number } => ({
  customId,
  emoji: '',
  label: '',
  type: 2,
  style: 2,
});
const take = (given: GivenPicture): Picture => given as Picture;

function parent(overrides: Partial<Task> = {}): Task {
  return Object.assign(new Task(), {
    id: ID,
    status: 'SUCCESS',
    prompt: 'a fox',
    botType: 'NIJI_JOURNEY',
    mode: 'FAST',
    upstreamId: '7',
    upstreamTaskId: 'up-1',
    buttons: [button(U1)],
    ...overrides,
  });
}
const finds =
  (task: Task | null): (() => Promise<Task | null>) =>
  () =>
    Promise.resolve(task);
async function refusal(plan: Promise<SubmitPlan>): Promise<[string, unknown]> {
  const error: unknown = await plan.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MjError)) throw new Error('it was not refused');
  return [error.code, error.extras.properties?.['field']];
}

describe('U1', () => {
  it('is the same work by change, by simple-change and by its button', async () => {
    const plans = await Promise.all([
      planChange({ taskId: ID, action: 'upscale', index: '1' }, finds(parent())),
      planSimpleChange({ content: `${ID} u1` }, finds(parent())),
      planAction({ taskId: ID, customId: U1 }, finds(parent())),
    ]);
    for (const plan of plans) {
      expect(plan).toMatchObject({
        action: 'UPSCALE',
        repeatKey: `${ID}:UPSCALE:1`,
        description: `/up ${ID} U1`,
        prompt: 'a fox',
        customId: U1,
        botType: 'NIJI_JOURNEY',
        accountFilter: null,
      });
      expect(withPictures(plan.work, take)).toMatchObject({
        kind: 'action',
        upstreamTaskId: 'up-1',
        customId: U1,
      });
    }
  });

  it('is the same work where the parent has no buttons', async () => {
    const bare = parent({ buttons: [] });
    const plans = await Promise.all([
      planChange({ taskId: ID, action: 'UPSCALE', index: ' 1 ' }, finds(bare)),
      planAction({ taskId: ID, customId: 'MJ::JOB::upsample::1::x' }, finds(bare)),
    ]);
    for (const plan of plans) {
      expect(plan.repeatKey).toBe(`${ID}:UPSCALE:1`);
      expect(withPictures(plan.work, take)).toMatchObject({
        kind: 'change',
        upstreamTaskId: 'up-1',
        action: 'UPSCALE',
        index: 1,
      });
    }
    expect(plans.map(({ customId }) => customId)).toEqual(['', 'MJ::JOB::upsample::1::x']);
  });
});

it('a grid of more than four has more, where its buttons say so', async () => {
  const U24 = `MJ::JOB::upsample::24::${JOB}`;
  const large = finds(parent({ buttons: [button(U1), button(U24)] }));
  const plan = await planChange({ taskId: ID, action: 'UPSCALE', index: '24' }, large);
  expect(plan).toMatchObject({ customId: U24, repeatKey: `${ID}:UPSCALE:24` });
  for (const [task, index] of [
    [large, '25'],
    [finds(parent()), '5'],
    [finds(parent({ buttons: [] })), '5'],
    [finds(null), '5'],
  ] as const) {
    expect(await refusal(planChange({ taskId: ID, action: 'UPSCALE', index }, task))).toEqual([
      'index_is_required',
      'index',
    ]);
  }
});

it('a picture that was withheld has no change', async () => {
  const partial = finds(parent({ withheld: [2, 3] }));
  expect(await refusal(planChange({ taskId: ID, action: 'VARIATION', index: '3' }, partial))).toEqual([
    'index_is_required',
    'index',
  ]);
  expect(await refusal(planSimpleChange({ content: `${ID} U2` }, partial))).toEqual([
    'content_parse_failed',
    'content',
  ]);
  expect(await planSimpleChange({ content: `${ID} U1` }, partial)).toMatchObject({ customId: U1 });
});

it('a large grid is changed in one line, where its buttons say so', async () => {
  const U24 = `MJ::JOB::upsample::24::${JOB}`;
  const large = finds(parent({ buttons: [button(U24)] }));
  expect(await planSimpleChange({ content: `${ID} u24` }, large)).toMatchObject({ customId: U24 });
  expect(await refusal(planSimpleChange({ content: `${ID} U23` }, large))).toEqual(['content_parse_failed', 'content']);
  expect(await refusal(planSimpleChange({ content: `${ID} U24` }, finds(null)))).toEqual([
    'content_parse_failed',
    'content',
  ]);
});

it('a variation may be a subtle one, where its upstream asks', async () => {
  const buttons = finds(parent());
  for (const strong of [true, false, undefined]) {
    const plan = await planAction({ taskId: ID, customId: 'MJ::JOB::variation::1::x', strong }, buttons);
    expect(withPictures(plan.work, take)).toMatchObject({ kind: 'action', strong });
  }
});

it('variations and rerolls may be repeated', async () => {
  for (const action of ['VARIATION', 'REROLL']) {
    const plan = await planChange({ taskId: ID, action, index: '2' }, finds(parent()));
    expect(plan.repeatKey).toBeNull();
  }
});

it('sends no index with a reroll', async () => {
  const plan = await planChange({ taskId: ID, action: 'reroll', index: '9' }, finds(parent({ buttons: null })));
  expect(plan).toMatchObject({ action: 'REROLL', description: `/up ${ID} R` });
  expect(withPictures(plan.work, take)).toMatchObject({ kind: 'change', action: 'REROLL', index: null });
});

describe('what is wrong is said in this order', () => {
  it.each([
    [{}, 'task_id_is_required', 'taskId'],
    [{ taskId: ' ' }, 'task_id_is_required', 'taskId'],
    [{ taskId: ID }, 'action_is_required', 'action'],
    [{ taskId: ID, action: 'PAN' }, 'unknown_action', 'action'],
    [{ taskId: ID, action: 'UPSCALE' }, 'index_is_required', 'index'],
    [{ taskId: ID, action: 'VARIATION', index: '5' }, 'index_is_required', 'index'],
    [{ taskId: ID, action: 'UPSCALE', index: 'one' }, 'index_is_required', 'index'],
    [{ taskId: ID, action: 'UPSCALE', index: '1' }, 'task_not_found', 'taskId'],
  ])('%j → %s', async (body, code, field) => {
    expect(await refusal(planChange(body, finds(null)))).toEqual([code, field]);
  });

  it.each([
    [undefined, 'content_is_required'],
    ['  ', 'content_is_required'],
    ['what', 'content_parse_failed'],
    [`${ID} U1`, 'task_not_found'],
  ])('simple-change %j → %s', async (content, code) => {
    expect(await refusal(planSimpleChange({ content }, finds(null)))).toEqual([code, 'content']);
  });

  it.each([
    [{ status: 'IN_PROGRESS' }, 'task_status_not_success'],
    [{ status: 'NOT_START', upstreamTaskId: null }, 'task_status_not_success'],
    [{ upstreamTaskId: null }, 'task_not_found'],
  ] as [Partial<Task>, string][])('a parent %j → %s', async (fields, code) => {
    const body = { taskId: ID, action: 'REROLL' };
    expect(await refusal(planChange(body, finds(parent(fields))))).toEqual([code, 'taskId']);
  });
});

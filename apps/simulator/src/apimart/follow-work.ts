import { type Direction } from '../drawing/canvas.js';
import { derive } from '../submit/derive.js';
import { newSeed } from '../tasks/task-id.js';
import { type ButtonOrder, readCustomId } from '../wire/custom-id.js';
import { type Reply } from '../wire/replies.js';
import { type Action } from '../wire/vocabulary.js';
import { type ApimartIntake } from './apimart-intake.js';
import { type ApimartAction, type ApimartRecord } from './apimart-record.js';
import { wrong } from './apimart-replies.js';
import { type ApimartRequest, indexOf, readSentPrompt, speedOf } from './apimart-request.js';
import { type Parents, singleOf } from './parents.js';
import { priceOf } from './prices.js';
import { canRemix, isV8 } from './v8-rules.js';

/** U pictures are cut out of what is there, ms. */
const COMPOSED_MS = 5;
const DIRECTIONS: readonly string[] = ['left', 'right', 'up', 'down'] satisfies Direction[];
/** What V8 tasks at APIMart are said to lack. */
const NOT_V8: ReadonlySet<ButtonOrder['kind']> = new Set([
  'upscale',
  'upscale-hd',
  'zoom',
  'custom-zoom',
  'inpaint',
] as const);

/** What one route makes of an earlier task. */
interface FollowUp {
  readonly action: ApimartAction;
  readonly runsAs: Action;
  readonly order: ButtonOrder;
  /** The picture of a grid that the order is for; null when the order means the whole of its parent. */
  readonly index: number | null;
  /** New words; null keeps the parent's. */
  readonly prompt?: string | null;
}

/** The work that goes on from an earlier task. Wrong fields and parents are thrown as Refusal. */
export class FollowWork {
  constructor(
    private readonly parents: Parents,
    private readonly intake: ApimartIntake,
  ) {}

  upscale(request: ApimartRequest): Promise<Reply> {
    const pressed = pressedBy(request, 'upscale', 'upscale-hd', 'clip');
    const order = pressed ?? { kind: 'upscale', index: required(indexOf(request.body, 1, 4), 'index') };
    const runsAs = order.kind === 'upscale-hd' ? 'UPSCALE_HD' : 'UPSCALE';
    return this.follow({ action: 'UPSCALE', runsAs, order, index: null }, request);
  }

  variation(request: ApimartRequest): Promise<Reply> {
    const pressed = pressedBy(request, 'variation', 'vary-one');
    const order = pressed ?? { kind: 'variation', index: required(indexOf(request.body, 1, 4), 'index') };
    return this.follow({ action: 'VARIATION', runsAs: 'VARIATION', order, index: null }, request);
  }

  /** Low and high variations: of a single picture, or of a picture of a grid. */
  varied(request: ApimartRequest, strong: boolean): Promise<Reply> {
    const order = pressedBy(request, 'vary-one') ?? { kind: 'vary-one', strong };
    const action = strong ? 'HIGH_VARIATION' : 'LOW_VARIATION';
    return this.follow({ action, runsAs: 'VARIATION', order, index: indexOf(request.body, 1, 4) ?? 1 }, request);
  }

  reroll(request: ApimartRequest): Promise<Reply> {
    const order = pressedBy(request, 'reroll') ?? { kind: 'reroll' };
    return this.follow({ action: 'REROLL', runsAs: 'REROLL', order, index: null }, request);
  }

  /** Steps back from a single picture; a custom zoom waits in a window for its words. */
  zoom(request: ApimartRequest): Promise<Reply> {
    const ratio = request.body.trimmed('zoom_ratio');
    if (ratio !== '' && !/^\d{1,2}(\.\d+)?$/.test(ratio)) throw wrong('zoom_ratio must be a number');
    indexOf(request.body, 1, 4);
    const pressed = pressedBy(request, 'zoom', 'custom-zoom');
    const order = pressed ?? { kind: 'zoom', factor: ratio === '' || Number(ratio) >= 2 ? 2 : 1.5 };
    return this.follow({ action: 'ZOOM', runsAs: 'ZOOM', order, index: null }, request);
  }

  pan(request: ApimartRequest): Promise<Reply> {
    const direction = request.body.trimmed('direction').toLowerCase();
    const pressed = pressedBy(request, 'pan');
    if (pressed === null && !DIRECTIONS.includes(direction)) throw wrong('direction must be left, right, up or down');
    const order = pressed ?? { kind: 'pan', direction: direction as Direction };
    return this.follow({ action: 'PAN', runsAs: 'PAN', order, index: indexOf(request.body, 1, 4) ?? 1 }, request);
  }

  /** Opens the window in which a region of a single picture is repainted. */
  inpaint(request: ApimartRequest): Promise<Reply> {
    indexOf(request.body, 1, 4);
    const order = pressedBy(request, 'inpaint') ?? { kind: 'inpaint' };
    return this.follow({ action: 'INPAINT', runsAs: 'VARIATION', order, index: null }, request);
  }

  remix(request: ApimartRequest, strong: boolean): Promise<Reply> {
    const index = required(indexOf(request.body, 1, 4), 'index');
    const parent = this.parents.finished(request);
    if (!canRemix(parent.model)) throw wrong('task_id must name a V8.1 or V8.2 task');
    const { text } = readSentPrompt(request, false);
    const action = strong ? 'REMIX_STRONG' : 'REMIX_SUBTLE';
    const order = { kind: 'vary-one', strong } as const;
    return this.follow({ action, runsAs: 'VARIATION', order, index, prompt: text || null }, request);
  }

  private async follow(work: FollowUp, request: ApimartRequest): Promise<Reply> {
    const parent = this.parents.finished(request);
    const { order } = work;
    refuseForParent(order, parent);
    const from = work.index === null ? parent.artwork : singleOf(parent.artwork, work.index);
    const seed = newSeed();
    const outcome = from === null ? null : derive(order, from, { seed, prompt: work.prompt ?? null, mask: null });
    if (outcome === null) throw wrong('the task that task_id names does not allow this');
    const mode = speedOf(request, null);
    const composed = order.kind === 'upscale' || order.kind === 'clip';
    return this.intake.take(
      {
        action: work.action,
        runsAs: work.runsAs,
        parent,
        mode,
        sent: request.body.text('prompt'),
        prompt: work.prompt ?? parent.prompt,
        model: parent.model,
        outcome,
        seed,
        cost: priceOf(mode ?? parent.mode),
        ...(order.kind === 'inpaint' || order.kind === 'custom-zoom' ? { window: order } : {}),
        ...(composed ? { ownLaneMs: COMPOSED_MS } : {}),
      },
      request,
    );
  }
}

/** The order of a `custom_id`, which wins over other fields; null without one. @throws Refusal when it is not the route's */
function pressedBy({ body }: ApimartRequest, ...kinds: readonly ButtonOrder['kind'][]): ButtonOrder | null {
  const customId = body.trimmed('custom_id');
  if (customId === '') return null;
  const order = readCustomId(customId);
  if (order === null || !kinds.includes(order.kind)) throw wrong('custom_id is not one that this route takes');
  return order;
}

function refuseForParent(order: ButtonOrder, parent: ApimartRecord): void {
  if (isV8(parent.model) && NOT_V8.has(order.kind)) throw wrong('V8 tasks do not support this action');
  const single = order.kind === 'zoom' || order.kind === 'custom-zoom' || order.kind === 'inpaint';
  if (single && parent.artwork.kind !== 'single') throw wrong('upscale a picture of the task that task_id names first');
}

function required<T>(value: T | null, field: string): T {
  if (value === null) throw wrong(`${field} is required`);
  return value;
}

import { type Artwork, type Canvas } from '../drawing/canvas.js';
import { type InputStore } from '../inputs/input-store.js';
import { filmOf } from '../submit/derive.js';
import { type Describer } from '../submit/describer.js';
import { firstFrame } from '../submit/request.js';
import { newSeed } from '../tasks/task-id.js';
import { type Reply } from '../wire/replies.js';
import { type ApimartIntake } from './apimart-intake.js';
import { type ApimartRecord } from './apimart-record.js';
import { wrong } from './apimart-replies.js';
import { type ApimartRequest, indexOf, readSentPrompt, speedOf } from './apimart-request.js';
import { takePicture } from './image-urls.js';
import { type Parents, singleOf } from './parents.js';
import { filmPrice } from './prices.js';

const TYPES = ['vid_1.1_i2v_480', 'vid_1.1_i2v_720', 'vid_1.1_i2v_start_end_480', 'vid_1.1_i2v_start_end_720'] as const;

/** Short films: from a picture, or from a picture of an earlier task. Wrong fields are thrown as Refusal. */
export class FilmWork {
  constructor(
    private readonly parents: Parents,
    private readonly intake: ApimartIntake,
    private readonly inputs: InputStore,
    private readonly describer: Describer,
  ) {}

  async video(request: ApimartRequest): Promise<Reply> {
    const { body } = request;
    const order = orderOf(request);
    const { sent, text, prompt, model } = readSentPrompt(request, false);
    const mode = speedOf(request, prompt.mode);
    const seed = newSeed();
    const sources = body.texts('image_urls');
    const parent = body.trimmed('task_id') === '' ? null : this.parents.finished(request);
    if (parent === null && sources.length !== 1) throw wrong('image_urls must have one picture, or task_id be given');
    if (parent === null && body.trimmed('animate_mode') === 'auto') throw wrong('animate_mode auto needs task_id');
    if (body.trimmed('end_url') !== '') await takePicture(this.inputs, body.trimmed('end_url'), 'end_url');
    let from: Canvas;
    if (parent === null) {
      const input = await takePicture(this.inputs, sources[0] ?? '', 'image_urls[0]');
      from = firstFrame(input, { ...prompt, aspect: await this.describer.aspect(input) }, seed);
    } else from = frameOf(parent, request);
    const { motion, batch, height } = order;
    return this.intake.take(
      {
        action: 'VIDEO',
        runsAs: 'VIDEO',
        parent,
        mode,
        sent,
        prompt: text || (parent?.prompt ?? ''),
        model: parent?.model ?? model,
        outcome: filmOf(from, seed, { motion, loop: false, batch }),
        seed,
        cost: filmPrice(height, batch),
      },
      request,
    );
  }
}

interface FilmOrder {
  readonly motion: 'low' | 'high';
  readonly batch: 1 | 2 | 4;
  readonly height: 480 | 720;
}

function orderOf({ body }: ApimartRequest): FilmOrder {
  const type = body.trimmed('video_type') || TYPES[0];
  if (!(TYPES as readonly string[]).includes(type)) throw wrong(`video_type must be one of ${TYPES.join(', ')}`);
  if (type.includes('start_end') && body.trimmed('end_url') === '')
    throw wrong('end_url is required by this video_type');
  const motion = body.trimmed('motion') || 'high';
  if (motion !== 'low' && motion !== 'high') throw wrong('motion must be low or high');
  if (!['', 'manual', 'auto'].includes(body.trimmed('animate_mode')))
    throw wrong('animate_mode must be manual or auto');
  const batch = Number(body.trimmed('batch_size') || 1);
  if (batch !== 1 && batch !== 2 && batch !== 4) throw wrong('batch_size must be 1, 2 or 4');
  return { motion, batch, height: type.endsWith('720') ? 720 : 480 };
}

/** The picture that a film begins with; its number counts from 0, here and nowhere else. */
function frameOf(parent: ApimartRecord, { body }: ApimartRequest): Canvas {
  const index = indexOf(body, 0, 3);
  if (index === null && parent.artwork.kind === 'grid') throw wrong('index is required');
  const single: Artwork | null = singleOf(parent.artwork, (index ?? 0) + 1);
  if (single?.kind !== 'single') throw wrong('the task that task_id names has no such picture');
  return single.canvas;
}

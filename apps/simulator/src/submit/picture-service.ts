import { type Canvas, WHOLE } from '../drawing/canvas.js';
import { mixSeeds } from '../drawing/seeded.js';
import { type InputStore } from '../inputs/input-store.js';
import { phaseAt } from '../tasks/lifecycle.js';
import { newSeed } from '../tasks/task-id.js';
import { type TaskRecord } from '../tasks/task-record.js';
import { type TaskStore } from '../tasks/task-store.js';
import { invalid, noSuchTask, type Reply } from '../wire/replies.js';
import { type Body } from './body.js';
import { extendClip, filmOf, gridOf, type Outcome } from './derive.js';
import { type Describer } from './describer.js';
import { type Intake } from './intake.js';
import { areaOf, BAD_PICTURE, firstFrame, promptOf, uploadUrl } from './request.js';
import { readCommon, type SubmitContext } from './task-draft.js';

/** The submits that begin with a picture: edits, retexture, video, swap. */
export class PictureService {
  constructor(
    private readonly store: TaskStore<TaskRecord>,
    private readonly intake: Intake,
    private readonly inputs: InputStore,
    private readonly describer: Describer,
    private readonly base: () => string,
  ) {}

  /** Edits and retexture: a scene of the prompt laid over a part or the whole of the picture. */
  async restyle(body: Body, context: SubmitContext, whole: boolean): Promise<Reply> {
    const { raw, prompt } = promptOf(body);
    const source = body.trimmed('image') || (body.texts('base64Array')[0] ?? '');
    if (source === '' || prompt.full === '') return invalid('image或prompt不能为空');
    const taken = await this.inputs.take(source, true);
    if (taken.kind === 'bad') return invalid(BAD_PICTURE);
    const seed = prompt.seed ?? newSeed();
    const aspect = /--(?:ar|aspect)\s/.test(prompt.full) ? prompt.aspect : await this.describer.aspect(taken.input);
    const cells = [1, 2, 3, 4].map((take): Canvas => ({
      kind: 'restyle',
      input: taken.input,
      text: prompt.words,
      whole,
      seed: mixSeeds(seed, take),
      drifts: [],
      aspect,
      view: WHOLE,
    }));
    const outcome: Outcome = gridOf(cells, areaOf(context));
    const action = whole ? 'RETEXTURE' : 'EDIT';
    const description = `/${action.toLowerCase()} ${raw}`;
    const draft = {
      action,
      parent: null,
      prompt: raw,
      promptEn: prompt.full,
      description,
      customId: null,
      outcome,
      seed,
      version: prompt.version,
    } as const;
    return this.intake.take(draft, readCommon(body, context, prompt.mode), context);
  }

  async video(body: Body, context: SubmitContext): Promise<Reply> {
    const { raw, prompt } = promptOf(body);
    const seed = newSeed();
    const motion = body.trimmed('motion') === 'high' ? 'high' : 'low';
    const common = readCommon(body, context, prompt.mode);
    const parentId = body.trimmed('taskId');
    const plain = {
      action: 'VIDEO',
      prompt: raw,
      description: `/video ${raw}`,
      customId: null,
      seed,
      version: prompt.version,
    } as const;
    if (parentId !== '') {
      if (body.trimmed('action') !== 'extend') return invalid('任务类型错误');
      const parent = this.store.find(parentId, context.now);
      if (parent === null) return noSuchTask();
      const clip = parent.artwork.kind === 'film' ? parent.artwork.clips[body.whole('index') ?? 0] : undefined;
      if (phaseAt(parent, context.now).status !== 'SUCCESS' || clip === undefined) return invalid('关联任务状态错误');
      const outcome = extendClip(clip, seed, motion);
      return this.intake.take({ ...plain, parent, promptEn: prompt.full || parent.promptEn, outcome }, common, context);
    }
    const source = body.trimmed('image');
    if (prompt.full === '' && source === '') return invalid('Prompt 不能为空');
    const taken = source === '' ? null : await this.inputs.take(source, true);
    const end = body.trimmed('endImage') === '' ? null : await this.inputs.take(body.trimmed('endImage'), true);
    if (taken?.kind === 'bad' || end?.kind === 'bad') return invalid(BAD_PICTURE);
    const asked = body.whole('batchSize');
    const batch = asked === 1 || asked === 2 ? asked : 4;
    const aspect = taken === null ? prompt.aspect : await this.describer.aspect(taken.input);
    const from = firstFrame(taken?.input, { ...prompt, aspect }, seed);
    const outcome = filmOf(from, seed, { motion, loop: body.flag('loop'), batch });
    const url = taken === null ? '' : `${uploadUrl(this.base(), taken.input)} `;
    const promptEn = `${url}${prompt.full} --video 1 --motion ${motion}${batch === 4 ? '' : ` --bs ${batch}`}`;
    return this.intake.take({ ...plain, parent: null, promptEn, outcome }, common, context);
  }

  async swap(body: Body, context: SubmitContext): Promise<Reply> {
    const face = body.trimmed('sourceBase64') || body.trimmed('sourceUrl');
    const target = body.trimmed('targetBase64') || body.trimmed('targetUrl');
    if (face === '') return invalid('人脸图片不能为空');
    if (target === '') return invalid('目标图片不能为空');
    if (face === target) return invalid('人脸图片和目标图片不能相同');
    const first = await this.inputs.take(face, body.trimmed('sourceBase64') === '');
    if (first.kind === 'bad') return invalid('人脸图片格式错误');
    const second = await this.inputs.take(target, body.trimmed('targetBase64') === '');
    if (second.kind === 'bad') return invalid('目标图片格式错误');
    const aspect = await this.describer.aspect(second.input);
    const canvas: Canvas = {
      kind: 'swap',
      face: first.input,
      target: second.input,
      seed: newSeed(),
      drifts: [],
      aspect,
      view: WHOLE,
    };
    const outcome: Outcome = {
      artwork: { kind: 'single', ...this.describer.sides(aspect, areaOf(context)), canvas },
      shows: 'plain',
    };
    const draft = {
      action: 'SWAP_FACE',
      parent: null,
      prompt: 'InsightFace',
      promptEn: 'InsightFace',
      description: null,
      customId: null,
      outcome,
      seed: canvas.seed,
      version: 7,
    } as const;
    return this.intake.take(draft, { ...readCommon(body, context, null), botType: 'INSIGHT_FACE' }, context);
  }
}

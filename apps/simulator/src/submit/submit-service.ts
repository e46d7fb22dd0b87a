import { type InputStore } from '../inputs/input-store.js';
import { newSeed } from '../tasks/task-id.js';
import { type Prompt } from '../wire/prompt.js';
import { done, invalid, type Reply } from '../wire/replies.js';
import { type Body } from './body.js';
import { blendGrid, filmOf, sceneGrid } from './derive.js';
import { type Describer } from './describer.js';
import { type Intake } from './intake.js';
import { areaOf, BAD_PICTURE, firstFrame, promptOf, uploadUrl } from './request.js';
import { shortenPrompt } from './shorten-text.js';
import { readCommon, type SubmitContext } from './task-draft.js';

const ASPECTS: Readonly<Record<string, number>> = { PORTRAIT: 2 / 3, SQUARE: 1, LANDSCAPE: 3 / 2 };

/** The submits of Midjourney's own commands, and the upload. Each answers as midjourney-proxy words it. */
export class SubmitService {
  constructor(
    private readonly intake: Intake,
    private readonly inputs: InputStore,
    private readonly describer: Describer,
    private readonly base: () => string,
  ) {}

  async imagine(body: Body, context: SubmitContext): Promise<Reply> {
    const { raw, prompt } = promptOf(body);
    if (prompt.full === '') return invalid('prompt不能为空');
    const given = await this.inputs.takeAll([...body.texts('base64Array'), ...optional(body.text('base64'))], true);
    if (given === null) return invalid(BAD_PICTURE);
    const seed = prompt.seed ?? newSeed();
    const area = areaOf(context);
    const pictures = [...given, ...this.ownUploads(prompt)];
    const outcome = prompt.video
      ? filmOf(firstFrame(pictures[0], prompt, seed), seed, { motion: 'low', loop: false, batch: prompt.batch })
      : sceneGrid(prompt.words, pictures, prompt.aspect, seed, area);
    const common = readCommon(body, context, prompt.mode);
    const draft = {
      action: prompt.video ? ('VIDEO' as const) : ('IMAGINE' as const),
      parent: null,
      prompt: raw,
      promptEn: prompt.full,
      description: `/imagine ${raw}`,
      customId: null,
      outcome,
      seed,
      version: prompt.version,
    };
    return this.intake.take(draft, prompt.niji ? { ...common, botType: 'NIJI_JOURNEY' } : common, context);
  }

  async blend(body: Body, context: SubmitContext): Promise<Reply> {
    const sources = body.texts('base64Array');
    if (sources.length < 2 || sources.length > 5) return invalid('图片参数错误，2~5张图片');
    const aspect = ASPECTS[body.text('dimensions') ?? 'SQUARE'];
    if (aspect === undefined) return invalid('dimensions参数错误');
    const inputs = await this.inputs.takeAll(sources, true);
    if (inputs === null) return invalid(BAD_PICTURE);
    const seed = newSeed();
    const promptEn = `${inputs.map((input) => uploadUrl(this.base(), input)).join(' ')} --ar ${aspect === 1 ? '1:1' : aspect > 1 ? '3:2' : '2:3'}`;
    return this.intake.take(
      {
        action: 'BLEND',
        parent: null,
        prompt: null,
        promptEn,
        description: `/blend ${inputs.length}`,
        customId: null,
        outcome: blendGrid(inputs, aspect, seed, areaOf(context)),
        seed,
        version: 7,
      },
      readCommon(body, context, null),
      context,
    );
  }

  async describe(body: Body, context: SubmitContext): Promise<Reply> {
    const encoded = body.trimmed('base64') || (body.texts('base64Array')[0] ?? '');
    const link = body.trimmed('link');
    if (encoded === '' && link === '') return invalid('base64或link不能为空');
    if (encoded === '' && !/^https?:\/\/.+/.test(link)) return invalid('链接格式错误');
    const taken = await this.inputs.take(encoded === '' ? link : encoded, true);
    if (taken.kind === 'bad') return invalid(BAD_PICTURE);
    const seed = newSeed();
    const chinese = /^zh(_cn)?$/i.test(body.trimmed('language'));
    const found = await this.describer.describe(taken.input, seed, areaOf(context), chinese);
    return this.intake.take({ ...found, parent: null, customId: null }, readCommon(body, context, null), context);
  }

  async shorten(body: Body, context: SubmitContext): Promise<Reply> {
    const { raw, prompt } = promptOf(body);
    const { text, prompts } = shortenPrompt(prompt.full);
    return this.intake.take(
      {
        action: 'SHORTEN',
        parent: null,
        prompt: raw,
        promptEn: prompt.full,
        answer: text,
        description: `/shorten ${raw}`,
        customId: null,
        outcome: { artwork: { kind: 'none' }, shows: 'shortened' },
        options: prompts,
        seed: newSeed(),
        version: prompt.version,
      },
      readCommon(body, context, prompt.mode),
      context,
    );
  }

  /** Keeps pictures and answers their URLs at once; no task is made. */
  async upload(body: Body): Promise<Reply> {
    const sources = body.texts('base64Array');
    if (sources.length === 0) return invalid('base64 参数错误');
    const inputs = await this.inputs.takeAll(sources, true);
    if (inputs === null) return invalid(BAD_PICTURE);
    const reply = done(inputs.map((input) => uploadUrl(this.base(), input)));
    return { ...reply, body: { ...(reply.body as object), description: '提交成功' } };
  }

  /** Pictures of this simulator that a prompt begins with. Others' links are not followed. */
  private ownUploads(prompt: Prompt): string[] {
    return prompt.urls.flatMap((url) => {
      const [, input] = /\/uploads\/([0-9a-f]{32})\.webp/.exec(url) ?? [];
      return input === undefined ? [] : [input];
    });
  }
}

const optional = (text: string | null): string[] => (text === null || text.trim() === '' ? [] : [text]);

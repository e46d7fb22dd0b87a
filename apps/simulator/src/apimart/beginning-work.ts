import { type Canvas, WHOLE } from '../drawing/canvas.js';
import { mixSeeds } from '../drawing/seeded.js';
import { type InputStore } from '../inputs/input-store.js';
import { blendGrid, gridOf, sceneGrid } from '../submit/derive.js';
import { type Describer } from '../submit/describer.js';
import { areaOf } from '../submit/request.js';
import { newSeed } from '../tasks/task-id.js';
import { type Reply } from '../wire/replies.js';
import { type ApimartIntake } from './apimart-intake.js';
import { wrong } from './apimart-replies.js';
import { type ApimartRequest, readSentPrompt, speedOf } from './apimart-request.js';
import { takePictures } from './image-urls.js';
import { priceOf } from './prices.js';

const ASPECTS: Readonly<Record<string, string>> = { SQUARE: '1:1', PORTRAIT: '2:3', LANDSCAPE: '3:2' };
const TAKES = [1, 2, 3, 4] as const;
/** The most that a describe runs, ms. */
const DESCRIBE_MS = 3_000;

/** The work that needs no earlier task: imagine, blend, describe, edits. Wrong fields are thrown as Refusal. */
export class BeginningWork {
  constructor(
    private readonly intake: ApimartIntake,
    private readonly inputs: InputStore,
    private readonly describer: Describer,
  ) {}

  async imagine(request: ApimartRequest): Promise<Reply> {
    const { sent, text, prompt, model } = readSentPrompt(request, true);
    if (readSentPrompt(request, false).text === '') throw wrong('prompt is required');
    request.body.flag('nsfw_check');
    const mode = speedOf(request, prompt.mode);
    const given = await takePictures(this.inputs, request.body.texts('image_urls'), 'image_urls');
    const seed = prompt.seed ?? newSeed();
    const outcome = sceneGrid(prompt.words, given, prompt.aspect, seed, areaOf(request));
    const draft = { action: 'IMAGINE', runsAs: 'IMAGINE', parent: null, cost: priceOf(mode ?? 'RELAX') } as const;
    return this.intake.take({ ...draft, mode, sent, prompt: text, model, outcome, seed }, request);
  }

  async blend(request: ApimartRequest): Promise<Reply> {
    const { body } = request;
    const sources = body.texts('image_urls');
    if (sources.length < 2 || sources.length > 4) throw wrong('image_urls must have 2 to 4 pictures');
    const size = body.trimmed('size') || (ASPECTS[body.trimmed('dimensions') || 'SQUARE'] ?? '');
    if (size === '') throw wrong('dimensions must be SQUARE, PORTRAIT or LANDSCAPE');
    const [, wide, tall] = /^([1-9]\d{0,4}):([1-9]\d{0,4})$/.exec(size) ?? [];
    if (tall === undefined) throw wrong('size must be a ratio such as 16:9');
    const mode = speedOf(request, null);
    const inputs = await takePictures(this.inputs, sources, 'image_urls');
    const seed = newSeed();
    const draft = { action: 'BLEND', runsAs: 'BLEND', parent: null, model: '7' } as const;
    const cost = priceOf(mode ?? 'RELAX');
    const outcome = blendGrid(inputs, Number(wide) / Number(tall), seed, areaOf(request));
    return this.intake.take(
      { ...draft, sent: body.text('prompt'), mode, prompt: `--ar ${size}`, outcome, seed, cost },
      request,
    );
  }

  async describe(request: ApimartRequest): Promise<Reply> {
    const [first] = request.body.texts('image_urls');
    if (first === undefined) throw wrong('image_urls is required');
    const [input = ''] = await takePictures(this.inputs, [first], 'image_urls');
    const seed = newSeed();
    const { outcome, answer } = await this.describer.describe(input, seed, areaOf(request), false);
    const draft = { action: 'DESCRIBE', runsAs: 'DESCRIBE', parent: null, model: '7' } as const;
    const rest = {
      sent: request.body.text('prompt'),
      mode: speedOf(request, null),
      prompt: '',
      outcome,
      seed,
      cost: priceOf('RELAX'),
    };
    return this.intake.take(
      { ...draft, ...rest, ...(answer === undefined ? {} : { answer }), ownLaneMs: DESCRIBE_MS },
      request,
    );
  }

  /** A scene of the prompt laid over a part of the first picture. */
  async edits(request: ApimartRequest): Promise<Reply> {
    const { sent, text, prompt, model } = readSentPrompt(request, true);
    if (readSentPrompt(request, false).text === '') throw wrong('prompt is required');
    const sources = request.body.texts('image_urls');
    if (sources.length === 0) throw wrong('image_urls is required');
    const mode = speedOf(request, prompt.mode);
    const [input = ''] = await takePictures(this.inputs, sources, 'image_urls');
    const seed = prompt.seed ?? newSeed();
    const aspect = /--(?:ar|aspect)\s/.test(text) ? prompt.aspect : await this.describer.aspect(input);
    const cells = TAKES.map((take): Canvas => ({
      kind: 'restyle',
      input,
      text: prompt.words,
      whole: false,
      seed: mixSeeds(seed, take),
      drifts: [],
      aspect,
      view: WHOLE,
    }));
    const draft = { action: 'EDITS', runsAs: 'EDIT', parent: null, cost: priceOf(mode ?? 'RELAX') } as const;
    const outcome = gridOf(cells, areaOf(request));
    return this.intake.take({ ...draft, mode, sent, prompt: text, model, outcome, seed }, request);
  }
}

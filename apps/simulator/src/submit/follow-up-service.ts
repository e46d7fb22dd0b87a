import { type InputStore } from '../inputs/input-store.js';
import { phaseAt } from '../tasks/lifecycle.js';
import { newSeed } from '../tasks/task-id.js';
import { type TaskRecord } from '../tasks/task-record.js';
import { type TaskStore } from '../tasks/task-store.js';
import { actionOf, type ButtonOrder, opensWindow, readCustomId } from '../wire/custom-id.js';
import { echoPrompt, readPrompt, withoutSpeed } from '../wire/prompt.js';
import { accepted, done, invalid, noSuchTask, type Reply } from '../wire/replies.js';
import { type Action } from '../wire/vocabulary.js';
import { type Body } from './body.js';
import { derive, type Derivation, type Outcome, sceneGrid } from './derive.js';
import { type Describer } from './describer.js';
import { type Intake } from './intake.js';
import { areaOf, promptOf } from './request.js';
import { type Common, type Draft, readCommon, runTime, type SubmitContext, taskFaults } from './task-draft.js';

const WRONG_STATUS = '关联任务状态错误';
const NOT_ALLOWED = '关联任务不允许执行变化';
const UNKNOWN_ACTION = '未知的 Action 类型';

/** The submits that go on from a task that is there: change, simple-change, action, modal. */
export class FollowUpService {
  constructor(
    private readonly store: TaskStore<TaskRecord>,
    private readonly intake: Intake,
    private readonly inputs: InputStore,
    private readonly describer: Describer,
  ) {}

  /** The oldest form: an action word and a number. */
  async change(body: Body, context: SubmitContext): Promise<Reply> {
    const taskId = body.trimmed('taskId');
    if (taskId === '') return invalid('taskId不能为空');
    return this.changed(taskId, body.trimmed('action'), body.whole('index') ?? 1, body, context);
  }

  /** The same in one line, for chat bots: `<taskId> U2`. */
  async simpleChange(body: Body, context: SubmitContext): Promise<Reply> {
    const [taskId = '', word = '', ...more] = body.trimmed('content').split(' ');
    const [, letter, digit] = /^([UV])([1-4])/i.exec(word) ?? [];
    if (taskId === '' || more.length > 0 || (letter === undefined && !/^r$/i.test(word)))
      return invalid('content参数错误');
    const action = letter === undefined ? 'REROLL' : letter.toUpperCase() === 'U' ? 'UPSCALE' : 'VARIATION';
    return this.changed(taskId, action, Number(digit ?? 1), body, context);
  }

  private async changed(
    taskId: string,
    action: string,
    index: number,
    body: Body,
    context: SubmitContext,
  ): Promise<Reply> {
    if (action !== 'UPSCALE' && action !== 'VARIATION' && action !== 'REROLL') return invalid('action参数错误');
    if (action !== 'REROLL' && (index < 1 || index > 4)) return invalid('index参数错误');
    const parent = this.finished(taskId, context.now);
    if ('reply' in parent) return parent.reply;
    if (parent.task.shows !== 'grid') return invalid(NOT_ALLOWED);
    const order: ButtonOrder =
      action === 'UPSCALE'
        ? { kind: 'upscale', index }
        : action === 'VARIATION'
          ? { kind: 'variation', index }
          : { kind: 'reroll' };
    const word = action === 'REROLL' ? 'R' : `${action === 'UPSCALE' ? 'U' : 'V'}${index}`;
    return this.ordered(
      order,
      parent.task,
      { customId: null, action, description: `/up ${taskId} ${word}` },
      body,
      context,
    );
  }

  /** A button of a finished task. */
  async action(body: Body, context: SubmitContext): Promise<Reply> {
    const taskId = body.trimmed('taskId');
    const customId = body.trimmed('customId');
    if (taskId === '' || customId === '') return invalid('参数错误');
    const parent = this.finished(taskId, context.now);
    if ('reply' in parent) return parent.reply;
    const order = readCustomId(customId);
    if (order === null)
      return invalid(customId.startsWith('MJ::Job::PicReader') ? '无效的 PicReader 索引' : UNKNOWN_ACTION);
    if (order.kind === 'all-described') return this.imagineAll(parent.task, customId, body, context);
    const action = actionOf(order, parent.task.action);
    return this.ordered(order, parent.task, { customId, action, description: null }, body, context);
  }

  /** Answers a window. Asked again, it answers the same and sends nothing. */
  async modal(body: Body, context: SubmitContext): Promise<Reply> {
    const taskId = body.trimmed('taskId');
    if (taskId === '') return invalid('参数错误');
    const task = this.store.find(taskId, context.now);
    if (task === null) return noSuchTask();
    if (task.cancelledAt !== null || task.window === null) return invalid(WRONG_STATUS);
    if (task.window.confirmedAt !== null) return accepted(task.id);
    const parent = task.parentId === null ? null : this.store.current(task.parentId);
    const typed = promptOf(body).prompt.full;
    const prompt = typed || task.window.finalPrompt || parent?.promptEn || parent?.finalPrompt || '';
    if (prompt === '') return invalid('prompt不能为空');
    const source = body.trimmed('maskBase64') || body.trimmed('mask');
    const mask = source === '' ? null : await this.inputs.take(source, false);
    if (mask?.kind === 'bad') return invalid('base64格式错误');
    const { order } = task.window;
    const how = { seed: task.seed, prompt, mask: mask?.input ?? null };
    const outcome =
      parent === null
        ? sceneGrid(readPrompt(prompt).words, [], readPrompt(prompt).aspect, task.seed, areaOf(context))
        : this.outcomeOf(order, parent, how, context);
    if (outcome === null) return invalid(NOT_ALLOWED);
    // Two confirmations at once: the mask was awaited, so look again before the one and only start.
    const still = this.store.current(task.id);
    if (still?.window?.confirmedAt !== null) return accepted(task.id);
    const plain = withoutSpeed(prompt);
    return this.intake.run(
      {
        ...task,
        prompt: plain,
        promptEn: plain,
        finalPrompt: echoPrompt(plain, task.mode, task.botType === 'NIJI_JOURNEY'),
        window: { ...task.window, confirmedAt: context.now },
        artwork: outcome.artwork,
        shows: outcome.shows,
        runMs: runTime(task.action, context.faults, this.intake.runMs),
        faults: { ...task.faults, ...taskFaults(context.faults) },
      },
      context.now,
    );
  }

  private finished(taskId: string, now: number): { task: TaskRecord } | { reply: Reply } {
    const task = this.store.find(taskId, now);
    if (task === null) return { reply: noSuchTask() };
    return phaseAt(task, now).status === 'SUCCESS' ? { task } : { reply: invalid(WRONG_STATUS) };
  }

  private async ordered(
    order: ButtonOrder,
    parent: TaskRecord,
    face: { customId: string | null; action: Action; description: string | null },
    body: Body,
    context: SubmitContext,
  ): Promise<Reply> {
    const common = this.commonOf(parent, body, context);
    const seed = newSeed();
    if (order.kind === 'describe-again') {
      if (parent.artwork.kind !== 'single' || parent.artwork.canvas.kind !== 'photo') return invalid(NOT_ALLOWED);
      const found = await this.describer.describe(
        parent.artwork.canvas.input,
        seed,
        areaOf(context),
        parent.prompt !== null,
      );
      return this.intake.take({ ...found, parent, customId: face.customId }, common, context);
    }
    const outcome = this.outcomeOf(order, parent, { seed, prompt: null, mask: null }, context);
    if (outcome === null) return invalid(parent.action === 'SWAP_FACE' ? '该任务不支持重新生成' : NOT_ALLOWED);
    const text = this.promptFor(order, parent);
    const draft: Draft = { ...face, parent, prompt: text, promptEn: text, outcome, seed, version: parent.version };
    if (!opensWindow(order, body.flag('enableRemix'))) return this.intake.take(draft, common, context);
    const empty = order.kind === 'inpaint';
    const shown = empty ? '' : order.kind === 'custom-zoom' ? withZoom(text) : text;
    return this.intake.take(
      {
        ...draft,
        prompt: empty ? '' : text,
        promptEn: empty ? '' : text,
        description: order.kind === 'custom-zoom' ? 'Waiting for window confirm' : null,
        window: { order, finalPrompt: shown, confirmedAt: null },
      },
      common,
      context,
    );
  }

  /** One imagine for each described prompt; what the queue does not take is left out. */
  private async imagineAll(parent: TaskRecord, customId: string, body: Body, context: SubmitContext): Promise<Reply> {
    const ids: string[] = [];
    let refusal: Reply | null = null;
    const common = this.commonOf(parent, body, context);
    for (const at of parent.options.keys()) {
      const order: ButtonOrder = { kind: 'described', index: at + 1 };
      const seed = newSeed();
      const outcome = this.outcomeOf(order, parent, { seed, prompt: null, mask: null }, context);
      if (outcome === null) break;
      const text = this.promptFor(order, parent);
      const draft: Draft = {
        action: 'IMAGINE',
        parent,
        prompt: text,
        promptEn: text,
        description: null,
        customId,
        outcome,
        seed,
        version: 7,
      };
      const state = common.state === null ? null : `${common.state}::${at + 1}`;
      const reply = await this.intake.take(draft, { ...common, state }, context);
      const { result } = reply.body as { result: unknown };
      if (typeof result === 'string') ids.push(result);
      else refusal = reply;
    }
    if (ids.length === 0) return refusal ?? invalid('无效的 PicReader 索引');
    return done(ids.join(','));
  }

  private commonOf(parent: TaskRecord, body: Body, context: SubmitContext): Common {
    const common = readCommon(body, context, parent.requestMode);
    return { ...common, botType: parent.botType };
  }

  private outcomeOf(order: ButtonOrder, parent: TaskRecord, how: Derivation, context: SubmitContext): Outcome | null {
    if (order.kind !== 'described' && order.kind !== 'shortened') return derive(order, parent.artwork, how);
    const suits = parent.shows === (order.kind === 'described' ? 'described' : 'shortened');
    const option = parent.options[order.index - 1];
    if (!suits || option === undefined) return null;
    const prompt = readPrompt(how.prompt ?? option);
    const given =
      order.kind === 'described' && parent.artwork.kind === 'single' && parent.artwork.canvas.kind === 'photo'
        ? [parent.artwork.canvas.input]
        : [];
    return sceneGrid(prompt.words, given, prompt.aspect, how.seed, areaOf(context));
  }

  private promptFor(order: ButtonOrder, parent: TaskRecord): string {
    if (order.kind === 'described' || order.kind === 'shortened') return parent.options[order.index - 1] ?? '';
    return withoutSpeed(parent.promptEn ?? '');
  }
}

/** What a custom zoom's window shows: the prompt with an aspect and a factor to change. */
function withZoom(prompt: string): string {
  const shaped = /--(?:ar|aspect)\s/.test(prompt) ? prompt : `${prompt} --ar 1:1`;
  return `${shaped} --zoom 2`;
}

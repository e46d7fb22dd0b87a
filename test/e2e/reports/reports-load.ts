import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { newApiKey } from '../../../libs/access/src/index.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream, type SubmitScript } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** What must be found in no report: each is stored in some base table. */
export const CANARIES = {
  prompt: 'a canaryprompt fox in the snow',
  hookPath: 'canaryhookpath',
  bannedWord: 'canarybanned',
  picture: 'canarypicture',
  upstreamSecret: 'canaryupstreamsecret',
  addressRange: '127.77.0.0/16',
};

const UPSCALE = 'MJ::JOB::upsample::1::3f1c9a8e-1111-2222-3333-444455556666';
const LIMITED_CREDITS = '0.25';

/**
 * One gateway and every kind of end a task can have, made through HTTP: successes, one of them the upscale of another, a
 * repeat, a failure, refusals, windows (confirmed twice, and cancelled), a wait that is cancelled, a task that still runs;
 * hooks that arrive and hooks that never do; a key that runs out of credits.
 */
export class ReportLoad {
  /** Ids by what became of them. */
  readonly ids: Record<string, string> = {};
  private constructor(
    readonly gateway: TestGateway,
    readonly upstream: ScriptedUpstream,
    readonly receiver: HookReceiver,
    readonly deaf: HookReceiver,
    readonly limitedKey: string,
  ) {}

  static async start(): Promise<ReportLoad> {
    const upstream = await ScriptedUpstream.start();
    const [receiver, deaf] = await Promise.all([HookReceiver.start(), HookReceiver.start()]);
    deaf.answer = () => 500;
    upstream.picture = await sharp({ create: { width: 80, height: 80, channels: 3, background: '#446688' } })
      .png()
      .toBuffer();
    const gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { HOOK_RETRY_SCHEDULE: '1', UPSTREAM_SECRET: CANARIES.upstreamSecret },
    });
    const load = new ReportLoad(gateway, upstream, receiver, deaf, newApiKey());
    try {
      await load.addLimitedKey();
      await load.run();
      return load;
    } catch (error) {
      await load.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await Promise.all([this.upstream.close(), this.receiver.close(), this.deaf.close()]);
  }

  /** A task as its client sees it. */
  async view(id: string, key = this.gateway.key): Promise<TaskView> {
    return (await this.gateway.get<TaskView>(`/mj/task/${id}/fetch`, { authorization: `Bearer ${key}` })).json;
  }

  private async run(): Promise<void> {
    const picture = `${this.upstream.url}/${CANARIES.picture}.png`;
    const success = { status: 'SUCCESS', progress: '100%', imageUrl: picture };
    const buttons = [{ customId: UPSCALE, label: 'U1', emoji: '', style: 1, type: 2 }];

    this.ids['told'] = await this.work(
      'imagine',
      { notifyHook: `${this.receiver.url}/${CANARIES.hookPath}` },
      { ...success, buttons },
    );
    const press = { taskId: this.ids['told'], customId: UPSCALE };
    this.ids['upscale'] = await this.work('action', press, success);
    this.ids['repeat'] = (await this.submit('action', press)).result ?? '';
    this.ids['untold'] = await this.work('imagine', { notifyHook: `${this.deaf.url}/${CANARIES.hookPath}` }, success);
    this.ids['failed'] = await this.work(
      'imagine',
      {},
      { status: 'FAILURE', failReason: `could not draw ${CANARIES.prompt}` },
    );
    await this.refuse({ code: 4, description: 'bad ratio', result: null });
    await this.refuse({
      code: 24,
      description: 'banned',
      properties: { promptEn: 'x', bannedWord: CANARIES.bannedWord },
    });
    await this.windows(success);
    await this.waits();
    this.ids['running'] = await this.open('imagine', {}, { status: 'IN_PROGRESS', progress: '40%' });
    await this.runsOut(success);
    await until('the tries of the hooks', async () => {
      const [left] = await this.gateway.sql("select from hook_delivery where terminal and state = 'waiting'");
      return left === undefined ? true : null;
    });
    await until('the kept pictures', async () => {
      const [left] = await this.gateway.sql("select from asset where state = 'wanted'");
      return left === undefined ? true : null;
    });
    await until('progress', async () =>
      (await this.view(this.ids['running'] ?? '')).progress === '40%' ? true : null,
    );
  }

  private async windows(success: object): Promise<void> {
    for (const name of ['confirmed', 'closed']) {
      let there = '';
      this.upstream.onSubmit = (submit) => {
        there = this.upstream.accept(submit, { status: 'MODAL' }).id;
        return {
          code: 21,
          description: 'Waiting for window confirm',
          result: there,
          properties: { finalPrompt: CANARIES.prompt, remix: true },
        };
      };
      const { result } = await this.submit('imagine', { prompt: CANARIES.prompt });
      this.ids[name] = result ?? '';
      if (name === 'closed') {
        await this.cancel(this.ids[name]);
        continue;
      }
      this.upstream.onSubmit = () => ({ code: 4, description: 'not like this', result: null });
      await this.submit('modal', { taskId: this.ids[name] });
      this.upstream.onSubmit = () => ({ code: 1, result: there });
      await this.submit('modal', { taskId: this.ids[name] });
      this.upstream.show(there, { ...success });
      await this.finished(this.ids[name]);
    }
  }

  private async waits(): Promise<void> {
    this.upstream.onSubmit = () => ({ code: 23, description: 'full', result: null });
    this.ids['waited'] = (await this.submit('imagine', { prompt: CANARIES.prompt })).result ?? '';
    await this.cancel(this.ids['waited']);
  }

  private async runsOut(success: object): Promise<void> {
    for (const name of ['limited 1', 'limited 2'])
      this.ids[name] = await this.work('imagine', {}, success, this.limitedKey);
    this.upstream.onSubmit = this.accepting({});
    const { code } = await this.submit('imagine', { prompt: CANARIES.prompt }, this.limitedKey);
    if (code === 1) throw new Error('the third task of the limited key had to be refused');
  }

  private async refuse(answer: object): Promise<void> {
    this.upstream.onSubmit = () => answer;
    await this.submit('imagine', { prompt: CANARIES.prompt });
  }

  /** A submit that comes to this end. */
  private async work(route: string, body: object, end: object, key = this.gateway.key): Promise<string> {
    const id = await this.open(route, body, end, key);
    await this.finished(id, key);
    return id;
  }

  private async open(route: string, body: object, fields: object, key = this.gateway.key): Promise<string> {
    this.upstream.onSubmit = this.accepting(fields);
    const { code, result } = await this.submit(route, { prompt: CANARIES.prompt, state: 'order 7', ...body }, key);
    if (code !== 1 || result === null) throw new Error(`${route} was answered code ${code}`);
    return result;
  }

  private accepting(fields: object): SubmitScript {
    return (submit) => {
      const { id } = this.upstream.accept(submit);
      this.upstream.show(id, { ...fields });
      return { code: 1, description: 'ok', result: id };
    };
  }

  private async submit(
    route: string,
    body: object,
    key = this.gateway.key,
  ): Promise<{ code: number; result: string | null }> {
    const answer = await this.gateway.post<{ code: number; result: string | null }>(`/mj/submit/${route}`, body, {
      authorization: `Bearer ${key}`,
    });
    return answer.json;
  }

  private async cancel(id: string): Promise<void> {
    await this.gateway.post(`/mj/task/${id}/cancel`, {});
    await this.finished(id);
  }

  private async finished(id: string, key = this.gateway.key): Promise<void> {
    await until(`the end of ${id}`, async () => ((await this.view(id, key)).progress === '100%' ? true : null));
  }

  private async addLimitedKey(): Promise<void> {
    await this.gateway.sql(
      `with made as (
         insert into api_key (name, prefix, key_hash, ip_allow) values ('limited', 'sk-limited', $1, $2) returning id),
       account_row as (
         insert into account (api_key_id, is_limited, has_credit_limit, balance, daily_tasks, monthly_spend)
         select id, true, true, $3::numeric, 8, 10 from made)
       insert into ledger (api_key_id, kind, amount, note) select id, 'topup', $3::numeric, 'paid' from made`,
      [
        createHash('sha256').update(this.limitedKey).digest(),
        [CANARIES.addressRange, '127.0.0.0/8', '::1/128'],
        LIMITED_CREDITS,
      ],
    );
  }
}

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lintDocument } from '../../../apps/gateway/src/prompt/lint-document.js';
import { promptRulesDto } from '../../../apps/gateway/src/prompt/rules/prompt-rules-view.js';
import type { Finding } from '../../../libs/wire/src/index.js';
import { type Answer } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const SLIPS = 'a red fox --ar16:9 --chaos 200';
const SLIP_FINDINGS: Finding[] = [
  { rule: 'space_before_value', severity: 'error', start: 12, end: 18, fix: 'ar 16:9' },
  { rule: 'value_out_of_range', severity: 'error', start: 27, end: 30, fix: '100' },
];
const DISPUTED = 'a red fox --draft --v 8.1';
const DISPUTED_FINDINGS: Finding[] = [
  { rule: 'disputed_in_version', severity: 'warning', start: 10, end: 17, fix: null },
];

interface Reply {
  code: number;
  description: string;
  result: string | null;
  properties: Record<string, unknown>;
}

describe('prompts before they are submitted', () => {
  // None of its tasks ever ends.
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '1000' } });

  beforeEach(() => {
    upstream.submits.length = 0;
  });

  const submit = (route: string, body: object, headers?: Record<string, string>): Promise<Answer<Reply>> =>
    gateway.post<Reply>(`/mj/submit/${route}`, body, headers);
  const counts = async (): Promise<unknown> =>
    (await gateway.sql('select count(*)::int as tasks, (select count(*)::int from ledger) as moves from task'))[0];

  /** Sets the key's lint and waits until a probe shows that it holds. */
  const setLint = async (lint: string, holds: (reply: Reply) => boolean): Promise<void> => {
    await gateway.sql('update api_key set prompt_lint = $1', [lint]);
    await until(`prompt_lint ${lint}`, async () =>
      holds((await submit('imagine', { prompt: SLIPS })).json) ? 1 : null,
    );
    upstream.submits.length = 0;
  };

  /** Puts words on the list and waits until a probe shows that they hold. */
  const ban = async (...words: string[]): Promise<void> => {
    await gateway.sql('delete from banned_word');
    for (const word of words) await gateway.sql('insert into banned_word (word) values ($1)', [word]);
    await until('the banned words', async () => {
      const { json } = await submit('imagine', { prompt: words[0] ?? 'gore' });
      return (json.code === 24) === words.length > 0 ? 1 : null;
    });
    upstream.submits.length = 0;
  };

  it('the rules of parameters are given to whoever has a key', async () => {
    const { status, json } = await gateway.get('/mj/prompt/rules');
    expect([status, json]).toEqual([200, promptRulesDto()]);
    expect((await gateway.call('/mj/prompt/rules', {})).status).toBe(401);
  });

  /** Refused without a task, a charge or a call. */
  const expectRefused = async (route: string, body: object, expected: object): Promise<void> => {
    const before = await counts();
    const { status, json } = await submit(route, body);
    expect({ route, status, json }).toEqual({ route, ...expected });
    expect(upstream.submits).toEqual([]);
    expect(await counts()).toEqual(before);
  };

  describe('POST /mj/prompt/lint', () => {
    it.each(['', '/mj-fast', '/mj-relax', '/mj-turbo', '/fast', '/relax', '/turbo'])(
      'answers the findings as a list under %s/mj',
      async (prefix) => {
        const { status, json } = await gateway.post(`${prefix}/mj/prompt/lint`, { prompt: SLIPS });
        expect({ status, json }).toEqual({ status: 200, json: SLIP_FINDINGS });
      },
    );

    it('answers an empty list for a prompt that is right', async () => {
      const { status, text } = await gateway.post('/mj/prompt/lint', { prompt: 'a red fox --ar 3:2' });
      expect({ status, text }).toEqual({ status: 200, text: '[]' });
    });

    it('counts places in the prompt as it was sent', async () => {
      const prompt = '  雾 🦊 —ar 16:9 ';
      const { json } = await gateway.post<Finding[]>('/mj/prompt/lint', { prompt });
      expect(json.map(({ start, end }) => prompt.slice(start, end))).toEqual(['—']);
    });

    it('knows the bot', async () => {
      const body = { prompt: 'a red fox --exp 5' };
      expect((await gateway.post('/mj/prompt/lint', body)).json).toEqual([]);
      expect((await gateway.post('/mj/prompt/lint', { ...body, botType: 'niji' })).json).toMatchObject([
        { rule: 'not_in_version', severity: 'warning' },
      ]);
    });

    it('tells how many jobs a prompt is', async () => {
      const prompt = 'a {red, blue} fox --repeat 3';
      expect((await gateway.post('/mj/prompt/lint', { prompt })).json).toEqual([
        { rule: 'several_jobs', severity: 'warning', start: 0, end: prompt.length, fix: null, jobs: 6 },
      ]);
    });

    it.each([{}, { prompt: '' }, { prompt: ' \n ' }, { prompt: null }])('wants a prompt: %j', async (body) => {
      const { status, json } = await gateway.post('/mj/prompt/lint', body);
      expect({ status, json }).toEqual({
        status: 400,
        json: { code: 4, description: 'prompt_is_required', result: null, properties: { field: 'prompt' } },
      });
    });

    it('takes 8,192 characters of anything, and no more', async () => {
      for (const unit of ['--a ', '{', '::', '—c5 ', '--no a, ']) {
        const { status, json } = await gateway.post<Finding[]>('/mj/prompt/lint', {
          prompt: unit.repeat(8_192 / unit.length),
        });
        expect({ status, isList: Array.isArray(json) }).toEqual({ status: 200, isList: true });
      }
      const { status, json } = await gateway.post('/mj/prompt/lint', { prompt: 'x'.repeat(8_193) });
      expect({ status, description: json['description'] }).toEqual({ status: 400, description: 'prompt_is_too_long' });
    });

    it('wants a key', async () => {
      const answer = await gateway.call('/mj/prompt/lint', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: SLIPS }),
      });
      expect(answer.status).toBe(401);
      expect(answer.json).toMatchObject({ code: 4, description: 'invalid_api_key' });
    });

    it('submits nothing', () => {
      expect(upstream.submits).toEqual([]);
    });
  });

  describe('a key that warns, as every key does by itself', () => {
    it('submits the prompt unchanged, and shows the findings with the answer', async () => {
      const { status, json } = await submit('imagine', { prompt: SLIPS });
      expect({ status, json }).toEqual({
        status: 200,
        json: {
          code: 1,
          description: 'Submit success',
          result: expect.stringMatching(/^\d{16}$/),
          properties: { warnings: SLIP_FINDINGS },
        },
      });
      expect(upstream.submits.map(({ body }) => body['prompt'])).toEqual([SLIPS]);
    });

    it('shows warnings too, and at most twenty findings', async () => {
      expect((await submit('imagine', { prompt: DISPUTED })).json.properties).toEqual({ warnings: DISPUTED_FINDINGS });
      const { json } = await submit('imagine', { prompt: `a fox ${'--sparkle '.repeat(30)}` });
      expect(json.properties['warnings']).toHaveLength(20);
    });

    it('leaves the answer alone where there is nothing to say', async () => {
      for (const [route, body] of [
        ['imagine', { prompt: 'a red fox --ar 3:2 --turbo' }],
        ['shorten', { prompt: SLIPS }],
        ['edits', { prompt: '--ar 1:1', image: PICTURE }],
        ['video', { image: PICTURE }],
        ['blend', { base64Array: [PICTURE, PICTURE] }],
      ] as const) {
        const { json } = await submit(route, body);
        expect({ route, code: json.code, properties: json.properties }).toEqual({ route, code: 1, properties: {} });
      }
    });

    it('says nothing where the upstream declined the work', async () => {
      const { onSubmit } = upstream;
      upstream.onSubmit = () => ({ code: 9, description: 'no' });
      const { json } = await submit('imagine', { prompt: SLIPS });
      expect({ code: json.code, properties: json.properties }).toEqual({ code: 9, properties: {} });
      upstream.onSubmit = onSubmit;
    });

    it('gives a replay the same answer, warnings and all', async () => {
      const headers = { 'idempotency-key': 'warned' };
      const first = await submit('imagine', { prompt: SLIPS }, headers);
      const again = await submit('imagine', { prompt: SLIPS }, headers);
      expect(first.json.properties).toEqual({ warnings: SLIP_FINDINGS });
      expect(again.json).toEqual(first.json);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(upstream.submits).toHaveLength(1);
    });

    it('shows them with the answer to what waits, and gives that again when it was sent', async () => {
      const headers = { 'idempotency-key': 'waited' };
      await gateway.sql('update upstream_load set max_concurrent = running');
      const first = await submit('imagine', { prompt: SLIPS }, headers);
      expect(first.json).toMatchObject({ code: 1, properties: { numberOfQueues: 0, warnings: SLIP_FINDINGS } });
      expect(upstream.submits).toEqual([]);
      await gateway.sql('update upstream_load set max_concurrent = 1000');
      await until('the task to be sent', () => upstream.submits[0]);
      const again = await submit('imagine', { prompt: SLIPS }, headers);
      expect(again.json).toEqual(first.json);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
    });
  });

  describe('a key that is strict', () => {
    beforeAll(() => setLint('strict', ({ description }) => description === 'prompt_is_invalid'));

    it.each([
      ['imagine', { prompt: SLIPS }],
      ['edits', { prompt: SLIPS, image: PICTURE }],
      ['edit', { prompt: SLIPS, image: PICTURE }],
      ['retexture', { prompt: SLIPS, image: PICTURE }],
    ])('refuses a prompt with an error: %s', async (route, body) => {
      await expectRefused(route, body, {
        status: 400,
        json: { code: 4, description: 'prompt_is_invalid', result: null, properties: { findings: SLIP_FINDINGS } },
      });
    });

    it('refuses it for videos, by the parameters of videos', async () => {
      const { status, json } = await submit('video', { prompt: 'it runs --motion fast', image: PICTURE });
      expect({ status, json }).toEqual({
        status: 400,
        json: {
          code: 4,
          description: 'prompt_is_invalid',
          result: null,
          properties: {
            findings: [{ rule: 'value_malformed', severity: 'error', start: 17, end: 21, fix: null }],
          },
        },
      });
      expect(upstream.submits).toEqual([]);
    });

    it('shows at most twenty findings, errors first', async () => {
      const prompt = `a fox ${'--TILE '.repeat(30)} --chaos lots`;
      const { json } = await submit('imagine', { prompt });
      const findings = json.properties['findings'] as Finding[];
      expect(findings).toHaveLength(20);
      expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['error']));
    });

    it('takes what only warns, what is right, and what is no prompt', async () => {
      expect((await submit('imagine', { prompt: DISPUTED })).json).toMatchObject({
        code: 1,
        properties: { warnings: DISPUTED_FINDINGS },
      });
      expect((await submit('imagine', { prompt: 'a long --fast text --ar 3:2' })).json).toMatchObject({ code: 1 });
      expect((await submit('shorten', { prompt: SLIPS })).json).toMatchObject({ code: 1 });
      expect((await submit('imagine', { prompt: '--ar 1:1', base64Array: [PICTURE, PICTURE] })).json).toMatchObject({
        code: 1,
      });
    });

    it('frees the Idempotency-Key of what it refuses', async () => {
      const headers = { 'idempotency-key': 'refused' };
      expect((await submit('imagine', { prompt: SLIPS }, headers)).status).toBe(400);
      const right = await submit('imagine', { prompt: 'a red fox --ar 16:9' }, headers);
      expect({ status: right.status, code: right.json.code }).toEqual({ status: 200, code: 1 });
    });

    it('answers what it let through before it was strict', async () => {
      const again = await submit('imagine', { prompt: SLIPS }, { 'idempotency-key': 'warned' });
      expect({ code: again.json.code, replayed: again.headers.get('idempotent-replayed') }).toEqual({
        code: 1,
        replayed: 'true',
      });
      expect(upstream.submits).toEqual([]);
    });

    it('refuses the text of a window, which waits on for a better one', async () => {
      const { onSubmit } = upstream;
      upstream.onSubmit = (received) => ({
        code: 21,
        description: 'Waiting for window confirm',
        result: upstream.accept(received, { status: 'MODAL' }).id,
        properties: { finalPrompt: 'shown --sparkle', remix: true },
      });
      const windows = [await submit('imagine', { prompt: 'a window' }), await submit('imagine', { prompt: 'another' })];
      upstream.onSubmit = onSubmit;
      upstream.submits.length = 0;
      const [taskId, other] = windows.map(({ json }) => json.result);
      await expectRefused(
        'modal',
        { taskId, prompt: SLIPS },
        {
          status: 400,
          json: { code: 4, description: 'prompt_is_invalid', result: null, properties: { findings: SLIP_FINDINGS } },
        },
      );
      const right = await submit('modal', { taskId, prompt: 'a fox --ar 3:2 --zoom 1.8' });
      expect(right.json).toEqual({ code: 1, description: 'Submit success', result: taskId, properties: {} });
      // What the window itself shows is not the client's to mend.
      expect((await submit('modal', { taskId: other })).json).toMatchObject({ code: 1, result: other });
    });
  });

  describe('a key without lint', () => {
    it('submits whatever comes', async () => {
      await setLint('off', ({ code, properties }) => code === 1 && properties['warnings'] === undefined);
      const { json } = await submit('imagine', { prompt: SLIPS });
      expect({ code: json.code, properties: json.properties }).toEqual({ code: 1, properties: {} });
      expect(upstream.submits.map(({ body }) => body['prompt'])).toEqual([SLIPS]);
    });
  });

  describe('banned words', () => {
    const banned = (promptEn: string, bannedWord: string): object => ({
      status: 200,
      json: {
        code: 24,
        description: 'Prompt may contain a sensitive word',
        result: null,
        properties: { promptEn, bannedWord },
      },
    });
    let window: string | null;

    beforeAll(async () => {
      const { onSubmit } = upstream;
      upstream.onSubmit = (received) => ({
        code: 21,
        description: 'Waiting for window confirm',
        result: upstream.accept(received, { status: 'MODAL' }).id,
        properties: { finalPrompt: 'much gore', remix: true },
      });
      window = (await submit('imagine', { prompt: 'a window' })).json.result;
      upstream.onSubmit = onSubmit;
      await submit('imagine', { prompt: 'gore, once' }, { 'idempotency-key': 'before' });
      await ban('gore', 'blood bath', '裸体');
    });

    it.each([
      ['imagine', { prompt: ' Much GORE, --ar 1:1 ' }, 'Much GORE, --ar 1:1', 'gore'],
      ['shorten', { prompt: 'a blood\nbath' }, 'a blood\nbath', 'blood bath'],
      ['edits', { prompt: '一个裸体女人', image: PICTURE }, '一个裸体女人', '裸体'],
      ['retexture', { prompt: 'gore', image: PICTURE }, 'gore', 'gore'],
      ['video', { prompt: 'gore', image: PICTURE }, 'gore', 'gore'],
    ])('end a submit with code 24: %s', async (route, body, promptEn, word) => {
      await expectRefused(route, body, banned(promptEn, word));
    });

    it('end the confirmation of a window, typed or shown, and it waits on', async () => {
      await expectRefused('modal', { taskId: window, prompt: 'gore' }, banned('gore', 'gore'));
      await expectRefused('modal', { taskId: window }, banned('much gore', 'gore'));
      expect((await submit('modal', { taskId: window, prompt: 'a fox' })).json).toMatchObject({
        code: 1,
        result: window,
      });
    });

    it('are whole words', async () => {
      for (const prompt of ['gored by a bull', 'a bloodbath', 'blood, bath']) {
        expect({ prompt, code: (await submit('imagine', { prompt })).json.code }).toEqual({ prompt, code: 1 });
      }
    });

    it('free the Idempotency-Key, and do not take back what was answered before', async () => {
      const headers = { 'idempotency-key': 'banned' };
      expect((await submit('imagine', { prompt: 'gore' }, headers)).json.code).toBe(24);
      expect((await submit('imagine', { prompt: 'a fox' }, headers)).json.code).toBe(1);
      const replay = await submit('imagine', { prompt: 'gore, once' }, { 'idempotency-key': 'before' });
      expect({ code: replay.json.code, replayed: replay.headers.get('idempotent-replayed') }).toEqual({
        code: 1,
        replayed: 'true',
      });
    });

    it('ban nothing once the list is empty', async () => {
      await ban();
      expect((await submit('imagine', { prompt: 'gore' })).json.code).toBe(1);
    });
  });

  it('docs/prompt-lint.md shows the rules and parameters that the code has', () => {
    const text = readFileSync(join(resolve(import.meta.dirname, '../../..'), 'docs/prompt-lint.md'), 'utf8');
    expect(text).toBe(lintDocument(text));
  });
});

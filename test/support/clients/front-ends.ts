import { until } from '../until.js';
import { buttonOf, dataUrl, SUCCESS, type Button, type Case } from './client-case.js';
import type { ProgramReply, ProgramTask } from './client-program.js';

/** Web front ends, gateways and bots: their calls, replayed from what is recorded of them (docs/clients.md). */
export const FRONT_ENDS: readonly Case[] = [
  {
    name: 'chatgpt-web-midjourney-proxy',
    run: async ({ program, key, receiver, picture }) => {
      const client = program({ headers: { 'mj-api-secret': key, origin: 'http://localhost:1002' } });
      const body = {
        prompt: 'a red cat',
        base64Array: [],
        notifyHook: `${receiver.url}/dooy`,
        state: 's:1',
        botType: 'MID_JOURNEY',
      };
      const { json } = await client.post('/mj/submit/imagine', body);
      expect([1, 22]).toContain(json.code);
      const grid = await client.poll(String(json.result));
      expect(grid).toMatchObject({ ...SUCCESS, state: 's:1' });
      const single = await client.make('/mj/submit/action', { taskId: grid.id, customId: buttonOf(grid, 'U1') });
      expect(single).toMatchObject({ ...SUCCESS, action: 'UPSCALE' });
      // It sends ids as numbers.
      const list = await client.post<ProgramTask[]>('/mj/task/list-by-condition', {
        ids: [Number(grid.id), Number(single.id)],
      });
      expect(list.json.map(({ id }) => id)).toEqual([grid.id, single.id]);
      const seed = await client.get<ProgramReply>(`/mj/task/${grid.id}/image-seed`);
      expect(seed.json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d+$/) });
      const blend = { base64Array: [dataUrl(picture), dataUrl(picture)], dimensions: 'SQUARE' };
      expect(await client.make('/mj/submit/blend', blend)).toMatchObject(SUCCESS);
      const described = await client.make('/mj/submit/describe', { base64: dataUrl(picture) });
      const text = expect.stringContaining('1️⃣') as string;
      expect(described).toMatchObject({ ...SUCCESS, action: 'DESCRIBE', prompt: text, promptEn: text });
      await until('the hook', () => receiver.of(grid.id).find(({ task }) => task.status === 'SUCCESS') ?? null);
    },
  },
  {
    name: 'chatgpt-web-midjourney-proxy, region repaint and video',
    run: async ({ program, key, picture }) => {
      const client = program({ headers: { 'mj-api-secret': key } });
      const grid = await client.make('/mj/submit/imagine', { prompt: 'a quiet harbour' });
      const single = await client.make('/mj/submit/action', { taskId: grid.id, customId: buttonOf(grid, 'U2') });
      const inpaint = (single['buttons'] as Button[]).find(({ customId }) => customId.startsWith('MJ::Inpaint'));
      const window = await client.post('/mj/submit/action', { taskId: single.id, customId: inpaint?.customId });
      expect(window.json).toMatchObject({ code: 21, properties: { remix: true } });
      const repainted = await client.make('/mj/submit/modal', {
        taskId: window.json.result,
        prompt: 'a red boat',
        maskBase64: dataUrl(picture),
      });
      expect(repainted).toMatchObject({ ...SUCCESS, id: window.json.result });
      // Its form sends an action beside a picture.
      const film = await client.make('/mj/submit/video', {
        prompt: 'slow pan',
        image: dataUrl(picture),
        action: 'VIDEO',
        motion: 'low',
        loop: false,
        batchSize: 1,
      });
      expect(film).toMatchObject({ ...SUCCESS, action: 'VIDEO', videoUrl: expect.stringContaining('/mj/video/') });
      // A film that is not kept yet is fetched first: a player that is told 504 asks again.
      const played = await until('the film', async () => {
        const answer = await fetch(String(film['videoUrl']));
        return answer.status === 504 ? null : answer;
      });
      expect([played.status, played.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    },
  },
  {
    name: 'new-api, as a gateway in front',
    run: async ({ program, key }) => {
      const client = program({ headers: { 'mj-api-secret': key, accept: '*/*', 'user-agent': 'Go-http-client/1.1' } });
      const body = {
        botType: 'MID_JOURNEY',
        prompt: 'a lighthouse',
        notifyHook: '',
        action: '',
        index: 0,
        state: '',
        taskId: '',
        base64Array: null,
        content: '',
        maskBase64: '',
      };
      const { status, json, text } = await client.post('/mj/submit/imagine', body);
      expect({ status, json }).toMatchObject({
        status: 200,
        json: { code: 1, result: expect.stringMatching(/^\d{16}$/) },
      });
      // It edits codes in the text, so there is no blank behind a colon.
      expect(text).toMatch(/^\{"code":1,/);
      const task = await until('the end, in a batch', async () => {
        const batch = await client.post<ProgramTask[]>('/mj/task/list-by-condition', {
          ids: [json.result, '1795000000000001'],
        });
        expect([batch.status, batch.json.length]).toEqual([200, 1]);
        const [first] = batch.json;
        return first?.progress === '100%' ? first : null;
      });
      // Its decoder wants whole numbers and texts, or drops the batch.
      for (const name of ['submitTime', 'startTime', 'finishTime']) expect(Number.isInteger(task[name])).toBe(true);
      expect(task).toMatchObject({
        ...SUCCESS,
        promptEn: expect.any(String),
        buttons: expect.any(Array),
        properties: expect.any(Object),
      });
      // Its GET carries a body: null.
      const seed = await client.get<ProgramReply>(
        `/mj/task/${task.id}/image-seed`,
        { 'content-type': 'application/json' },
        'null',
      );
      expect(seed.json.code).toBe(1);
    },
  },
  {
    name: 'one-api and its forks',
    run: async ({ program, key }) => {
      const client = program({ headers: { authorization: 'midjourney-proxy', 'mj-api-secret': `Bearer ${key}` } });
      const grid = await client.make('/mj-relax/mj/submit/imagine', { prompt: 'a paper boat' });
      expect(grid).toMatchObject({ ...SUCCESS, mode: 'RELAX' });
      const change = { taskId: grid.id, action: 'VARIATION', index: 2 };
      expect(await client.make('/mj/submit/change', change)).toMatchObject({ ...SUCCESS, action: 'VARIATION' });
      const simple = { content: `${grid.id} U3` };
      expect(await client.make('/mj/submit/simple-change', simple)).toMatchObject({ ...SUCCESS, action: 'UPSCALE' });
    },
  },
  {
    name: 'the page of trueai-org/midjourney-proxy',
    run: async ({ program, key }) => {
      const client = program({ headers: { authorization: key } });
      const accountFilter = {
        modes: ['FAST'],
        instanceId: '',
        remark: '',
        remix: null,
        nijiRemix: null,
        remixAutoConsidered: null,
      };
      const body = {
        prompt: 'a glass tower',
        botType: 'MID_JOURNEY',
        state: '',
        notifyHook: null,
        base64Array: [],
        accountFilter,
      };
      const grid = await client.make('/mj/submit/imagine', body);
      expect(grid).toMatchObject({ ...SUCCESS, botType: 'MID_JOURNEY' });
      const queue = await client.get<ProgramTask[]>('/mj/task/queue');
      expect(Array.isArray(queue.json)).toBe(true);
      const pan = { chooseSameChannel: true, customId: buttonOf(grid, 'V1'), taskId: grid.id, enableRemix: false };
      expect(await client.make('/mj/submit/action', pan)).toMatchObject(SUCCESS);
      const short = await client.make('/mj/submit/shorten', {
        prompt: 'a very very tall and big glass tower in a city',
        botType: 'MID_JOURNEY',
      });
      expect(short).toMatchObject({ ...SUCCESS, action: 'SHORTEN' });
    },
  },
  {
    name: 'bots for WeChat',
    run: async ({ program, key, receiver }) => {
      const client = program({
        headers: { 'mj-api-secret': key, 'user-agent': 'okhttp/4.9.3', 'accept-encoding': 'gzip' },
      });
      const state = JSON.stringify({ room: '群聊', user: 'wxid_1' });
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const { json } = await client.post(
        '/mj/submit/imagine',
        { prompt: '一只猫', state, notifyHook: `${receiver.url}/bot` },
        headers,
      );
      // It lives by its hook alone.
      const hook = await until(
        'the hook of the end',
        () => receiver.of(String(json.result)).find(({ task }) => task.status === 'SUCCESS') ?? null,
      );
      expect(hook.task).toMatchObject({ ...SUCCESS, state, imageUrl: expect.stringContaining('/mj/image/') });
      const picture = await fetch(String(hook.task['imageUrl']));
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
      const { json: changed } = await client.post('/mj/submit/simple-change', {
        content: `${hook.task.id} u1`,
        notifyHook: `${receiver.url}/bot`,
      });
      expect(changed.code).toBe(1);
    },
  },
  {
    name: 'plugins of LobeChat’s kind',
    run: async ({ program, key, url }) => {
      const client = program({
        base: `${url}/`,
        headers: { 'mj-api-secret': key, authorization: '', origin: 'https://chat.example.com' },
      });
      const asked = await client.send('OPTIONS', 'mj/submit/imagine', {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,mj-api-secret',
      });
      expect(asked.status).toBeLessThan(300);
      expect(asked.headers['access-control-allow-headers']).toContain('mj-api-secret');
      const { json, headers } = await client.post('mj/submit/imagine', { prompt: 'a fox' });
      expect(headers['access-control-allow-origin']).toBe('*');
      const grid = await until('the end', async () => {
        const { json: task } = await client.get<ProgramTask>(`mj/task/${String(json.result)}/fetch`);
        return task.status === 'SUCCESS' ? task : null;
      });
      const { json: upscale } = await client.post('mj/submit/change', { action: 'UPSCALE', index: 4, taskId: grid.id });
      expect(upscale.code).toBe(1);
    },
  },
];

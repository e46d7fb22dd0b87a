import { until } from '../until.js';
import { dataUrl, spaced, SUCCESS, type Case } from './client-case.js';
import type { ProgramReply, ProgramTask } from './client-program.js';

/** Tools, libraries and scripts: how their kind writes requests (docs/clients.md). */
export const LIBRARIES: readonly Case[] = [
  {
    name: 'tools of Dify',
    run: async ({ program, key }) => {
      const client = program({
        headers: {
          authorization: `Bearer ${key}`,
          accept: '*/*',
          'user-agent': 'python-httpx/0.27.0',
          'accept-encoding': 'gzip, deflate',
        },
        write: spaced,
      });
      // Fields of the form that were left empty are sent all the same.
      const body = {
        prompt: 'a bridge --ar 16:9',
        mode: 'FAST',
        base64Array: [''],
        state: '',
        notifyHook: '',
        botType: 'mj',
      };
      const { json } = await client.post<ProgramReply & { task: ProgramTask }>('/mj/submit/imagine', body, {
        prefer: 'wait=60',
      });
      expect(json).toMatchObject({ code: 1, task: { ...SUCCESS, imageUrls: expect.any(Array) } });
    },
  },
  {
    name: 'plugins of Coze',
    run: async ({ program, key }) => {
      const client = program({ headers: { authorization: `Bearer ${key}`, accept: 'application/json' } });
      const made = await client.post('/mj/submit/imagine', { prompt: 'a garden', mode: 'turbo', unknown: { a: [1] } });
      expect(made.json.code).toBe(1);
      // Its model passes the id on as a number.
      const task = await client.poll(String(Number(made.json.result)));
      expect(task).toMatchObject({ ...SUCCESS, mode: 'TURBO' });
      expect(
        await client.make('/mj/submit/change', { taskId: Number(task.id), action: 'upscale', index: '1' }),
      ).toMatchObject(SUCCESS);
    },
  },
  {
    name: 'SDKs in Python',
    run: async ({ program, key, picture, other }) => {
      const client = program({
        headers: {
          Authorization: `Bearer ${key}`,
          'User-Agent': 'python-requests/2.32.3',
          'Accept-Encoding': 'gzip, deflate',
          Accept: '*/*',
          Connection: 'keep-alive',
        },
        write: spaced,
      });
      // base64.encodebytes breaks its lines, and ends with one.
      const lines = picture.replace(/(.{76})/g, '$1\n') + '\n';
      expect(await client.make('/mj/submit/imagine', { prompt: 'in this style', base64Array: [lines] })).toMatchObject(
        SUCCESS,
      );
      const uploaded = await client.post('/mj/submit/upload-discord-images', { base64Array: [picture] });
      expect(uploaded.json).toMatchObject({ code: 1, result: [expect.stringMatching(/^https?:/)] });
      const swap = { sourceBase64: dataUrl(picture), targetBase64: dataUrl(other) };
      expect(await client.make('/mj/insight-face/swap', swap)).toMatchObject(SUCCESS);
    },
  },
  {
    name: 'SDKs in JavaScript',
    run: async ({ program, key }) => {
      const client = program({
        headers: {
          Authorization: `Bearer ${key}`,
          Accept: 'application/json, text/plain, */*',
          'User-Agent': 'axios/1.7.2',
          'Accept-Encoding': 'gzip, compress, deflate, br',
        },
      });
      const headers = { 'Idempotency-Key': '7c1f7f6e-6f1c-4f5b-9d2e-1c8b6a4f0d11' };
      const body = { prompt: 'an owl', state: undefined };
      const [first, again] = [
        await client.post('/mj/submit/imagine', body, headers),
        await client.post('/mj/submit/imagine', body, headers),
      ];
      expect(again.json.result).toBe(first.json.result);
      // It holds the connection until something has changed.
      const task = await until('the end, by long polls', async () => {
        const { json } = await client.get<ProgramTask>(`/mj/task/${String(first.json.result)}/fetch?wait=5`);
        return json.status === 'SUCCESS' ? json : null;
      });
      expect(task).toMatchObject(SUCCESS);
    },
  },
  {
    name: 'SDKs in Go',
    run: async ({ program, key }) => {
      const client = program({
        headers: {
          Authorization: `Bearer ${key}`,
          'User-Agent': 'go-resty/2.13.1 (https://github.com/go-resty/resty)',
          'Accept-Encoding': 'gzip',
        },
      });
      const task = await client.make('/fast/mj/submit/imagine', {
        prompt: 'a mill',
        base64: '',
        dimensions: '',
        notifyHook: '',
        state: '',
      });
      expect(task).toMatchObject({ ...SUCCESS, mode: 'FAST' });
      // Typed fields: a null where a text is expected would not decode.
      for (const name of [
        'id',
        'action',
        'prompt',
        'promptEn',
        'description',
        'state',
        'imageUrl',
        'failReason',
        'status',
        'progress',
      ]) {
        expect([name, typeof task[name]]).toEqual([name, 'string']);
      }
    },
  },
  {
    name: 'scripts with curl',
    run: async ({ program, key, picture, url }) => {
      const client = program({
        base: `${url}//`.replace(/\/$/, ''),
        headers: { authorization: key, 'user-agent': 'curl/8.9.1', accept: '*/*' },
      });
      // curl asks before it sends a body over 1 MiB; by hand one does for any.
      const { json } = await client.post('/mj/submit/describe', { base64: picture }, { expect: '100-continue' });
      expect(json.code).toBe(1);
      expect(await client.poll(String(json.result))).toMatchObject({ ...SUCCESS, action: 'DESCRIBE' });
    },
  },
  {
    name: 'n8n and other flows',
    run: async ({ program, key }) => {
      const client = program({
        headers: {
          authorization: `Bearer ${key}`,
          'user-agent': 'n8n',
          accept:
            'application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7',
        },
      });
      const grid = await client.make('/mj/submit/imagine', { prompt: 'a train' });
      const wrong = await client.post('/mj/submit/imagine', { prompt: ' ' });
      expect([wrong.status, wrong.json]).toMatchObject([
        400,
        { code: 4, description: 'prompt_is_required', result: null },
      ]);
      const picture = await client.get(`/mj/image/${grid.id}`);
      expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/png']);
    },
  },
  {
    name: 'scripts in PHP',
    run: async ({ program, key, picture, other }) => {
      const client = program({ headers: { 'mj-api-secret': key, accept: '*/*' } });
      const part = (name: string, base64: string): string =>
        `--xYz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${dataUrl(base64)}\r\n`;
      const form = `${part('sourceBase64', picture)}${part('targetBase64', other)}--xYz--\r\n`;
      const headers = { 'content-type': 'multipart/form-data; boundary=xYz' };
      const { json } = await client.post('/mj/insight-face/swap', form, headers);
      expect(json.code).toBe(1);
      expect(await client.poll(String(json.result))).toMatchObject({ ...SUCCESS, action: 'SWAP_FACE' });
    },
  },
];

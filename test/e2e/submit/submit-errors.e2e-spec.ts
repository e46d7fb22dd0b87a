import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const RAW = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const LARGE = 'A'.repeat(14_100_000);
const NOBODYS = '6240000000000001';
const U1 = 'MJ::JOB::upsample::1::h';

/** Every error that a submit answers by itself: 400, code 4, the field, and neither a call nor a charge. */
describe('errors of submits', () => {
  const { gateway, upstream } = useGateway({ environment: { EGRESS_ALLOW: '' } });
  /** A task that runs, and one that is finished. */
  let running: string;
  let done: string;

  beforeAll(async () => {
    const imagine = async (prompt: string): Promise<string> =>
      (await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt })).json.result;
    running = await imagine('it runs');
    done = await imagine('it is done');
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      done,
    ]);
    upstream.show(row?.upstream_task_id ?? '', { status: 'SUCCESS', progress: '100%' });
    await until(
      'the finished task',
      async () => (await gateway.sql("select from task where id = $1 and status = 'SUCCESS'", [done]))[0],
    );
    upstream.submits.length = 0;
  });

  const refused = async (path: string, body: unknown, description: string, field?: string): Promise<void> => {
    const count = 'select count(*)::int as tasks, (select count(*)::int from ledger) as moves from task';
    const before = await gateway.sql(count);
    const { status, json } = await gateway.post(path, body);
    expect({ status, json }).toEqual({
      status: 400,
      json: { code: 4, description, result: null, ...(field === undefined ? {} : { properties: { field } }) },
    });
    expect(upstream.submits).toEqual([]);
    expect(await gateway.sql(count)).toEqual(before);
  };

  const twice = [RAW, RAW];
  const cases: [route: string, body: unknown, description: string, field: string | undefined][] = [
    // What every submit checks.
    ['shorten', '{"prompt":', 'bind_request_body_failed', undefined],
    ['blend', '[]', 'bind_request_body_failed', ''],
    ['blend', { base64Array: RAW }, 'bind_request_body_failed', 'base64Array'],
    ['blend', { base64Array: [1, 2] }, 'bind_request_body_failed', 'base64Array'],
    ['describe', { base64: {} }, 'bind_request_body_failed', 'base64'],
    ['shorten', { prompt: 7 }, 'bind_request_body_failed', 'prompt'],
    ['shorten', { prompt: 'a', state: {} }, 'bind_request_body_failed', 'state'],
    ['shorten', { prompt: 'a', accountFilter: { remix: 'yes' } }, 'bind_request_body_failed', 'accountFilter.remix'],
    [
      'shorten',
      { prompt: 'a', accountFilter: { instanceId: 'x'.repeat(257) } },
      'bind_request_body_failed',
      'accountFilter.instanceId',
    ],
    [
      'shorten',
      { prompt: 'a', accountFilter: { remark: 'x'.repeat(257) } },
      'bind_request_body_failed',
      'accountFilter.remark',
    ],
    [
      'shorten',
      { prompt: 'a', accountFilter: { channelId: 'x'.repeat(257) } },
      'bind_request_body_failed',
      'accountFilter.channelId',
    ],
    ['change', { taskId: ['x'], action: 'REROLL' }, 'bind_request_body_failed', 'taskId'],
    ['change', { taskId: NOBODYS, action: 'UPSCALE', index: true }, 'bind_request_body_failed', 'index'],
    ['video', { prompt: 'a', motion: 'medium' }, 'bind_request_body_failed', 'motion'],
    ['video', { prompt: 'a', batchSize: 3 }, 'bind_request_body_failed', 'batchSize'],
    ['video', { prompt: 'a', loop: 'yes' }, 'bind_request_body_failed', 'loop'],
    ['video', { taskId: NOBODYS, action: 'extend', index: 4 }, 'bind_request_body_failed', 'index'],
    ['shorten', { prompt: 'a\u0000' }, 'bind_request_body_failed', 'prompt'],
    ['shorten', { prompt: 'a', mode: 'SLOW' }, 'mode_is_invalid', 'mode'],
    ['shorten', { prompt: 'a', accountFilter: { modes: ['SLOW'] } }, 'mode_is_invalid', 'mode'],
    ['shorten', { prompt: 'a', notifyHook: 'http://127.0.0.1/' }, 'notify_hook_is_invalid', 'notifyHook'],
    ['blend', { base64Array: twice, notifyHook: 'x' }, 'notify_hook_is_invalid', 'notifyHook'],
    ['shorten', { prompt: 'a', state: 's'.repeat(4_097) }, 'state_is_too_long', 'state'],
    ['blend', { base64Array: twice, state: 's'.repeat(4_097) }, 'state_is_too_long', 'state'],
    // Prompts.
    ['imagine', {}, 'prompt_is_required', 'prompt'],
    ['shorten', { prompt: null }, 'prompt_is_required', 'prompt'],
    ['shorten', { prompt: '' }, 'prompt_is_required', 'prompt'],
    ['shorten', { prompt: ' \n ' }, 'prompt_is_required', 'prompt'],
    ['edits', { image: RAW }, 'prompt_is_required', 'prompt'],
    ['edit', { prompt: ' ', image: RAW }, 'prompt_is_required', 'prompt'],
    ['retexture', {}, 'prompt_is_required', 'prompt'],
    ['video', {}, 'prompt_is_required', 'prompt'],
    ['video', { image: '', taskId: null }, 'prompt_is_required', 'prompt'],
    ['video', { action: 'extend' }, 'prompt_is_required', 'prompt'],
    ['shorten', { prompt: 'x'.repeat(8_193) }, 'prompt_is_too_long', 'prompt'],
    ['edits', { prompt: 'x'.repeat(8_193), image: RAW }, 'prompt_is_too_long', 'prompt'],
    ['video', { prompt: 'x'.repeat(8_193) }, 'prompt_is_too_long', 'prompt'],
    // What a follow-up builds on.
    ['change', {}, 'task_id_is_required', 'taskId'],
    ['change', { taskId: '' }, 'task_id_is_required', 'taskId'],
    ['action', { customId: U1 }, 'task_id_is_required', 'taskId'],
    ['modal', {}, 'task_id_is_required', 'taskId'],
    ['change', { taskId: NOBODYS }, 'action_is_required', 'action'],
    ['video', { taskId: NOBODYS }, 'action_is_required', 'action'],
    ['change', { taskId: NOBODYS, action: 'PAN' }, 'unknown_action', 'action'],
    ['video', { taskId: NOBODYS, action: 'shrink' }, 'unknown_action', 'action'],
    ['video', { taskId: NOBODYS, action: 'VIDEO', prompt: 'a' }, 'unknown_action', 'action'],
    ['action', { taskId: NOBODYS, customId: 'press it' }, 'unknown_action', 'customId'],
    ['change', { taskId: NOBODYS, action: 'UPSCALE' }, 'index_is_required', 'index'],
    ['change', { taskId: NOBODYS, action: 'upscale', index: 0 }, 'index_is_required', 'index'],
    ['change', { taskId: NOBODYS, action: 'VARIATION', index: '5' }, 'index_is_required', 'index'],
    ['action', { taskId: NOBODYS }, 'custom_id_is_required', 'customId'],
    ['action', { taskId: NOBODYS, customId: 'MJ::JOB::upsample::x' }, 'index_parse_failed', 'customId'],
    ['simple-change', {}, 'content_is_required', 'content'],
    ['simple-change', { content: ' ' }, 'content_is_required', 'content'],
    ['simple-change', { content: NOBODYS }, 'content_parse_failed', 'content'],
    ['simple-change', { content: `${NOBODYS} U5` }, 'content_parse_failed', 'content'],
    ['change', { taskId: NOBODYS, action: 'REROLL' }, 'task_not_found', 'taskId'],
    ['change', { taskId: "' or 1=1", action: 'REROLL' }, 'task_not_found', 'taskId'],
    ['simple-change', { content: `${NOBODYS} R` }, 'task_not_found', 'content'],
    ['action', { taskId: NOBODYS, customId: U1 }, 'task_not_found', 'taskId'],
    ['modal', { taskId: NOBODYS }, 'task_not_found', 'taskId'],
    ['video', { taskId: NOBODYS, action: 'extend' }, 'task_not_found', 'taskId'],
    // Pictures.
    ['blend', {}, 'base64_array_is_required', 'base64Array'],
    ['blend', { base64Array: [RAW] }, 'base64_array_is_required', 'base64Array'],
    ['blend', { base64Array: [RAW, ''] }, 'base64_array_is_required', 'base64Array'],
    ['blend', { base64Array: [...twice, ...twice, ...twice] }, 'base64_array_is_required', 'base64Array'],
    ['upload-discord-images', {}, 'base64_array_is_required', 'base64Array'],
    [
      'upload-discord-images',
      { base64Array: Array.from({ length: 11 }, () => RAW) },
      'base64_array_is_required',
      'base64Array',
    ],
    ['describe', {}, 'base64_array_is_required', 'base64'],
    ['edits', { prompt: 'a' }, 'base64_array_is_required', 'image'],
    ['retexture', { prompt: 'a', image: null }, 'base64_array_is_required', 'image'],
    ['blend', { base64Array: twice, dimensions: 'ROUND' }, 'dimensions_is_invalid', 'dimensions'],
    ['blend', { base64Array: [RAW, '!'] }, 'base64_is_invalid', 'base64Array'],
    ['blend', { base64Array: [RAW, 'http://127.0.0.1/a.png'] }, 'link_is_invalid', 'base64Array'],
    ['blend', { base64Array: [RAW, 'https://nowhere.invalid/a.png'] }, 'link_is_invalid', 'base64Array'],
    ['describe', { base64: 'PGh0bWw+' }, 'base64_is_invalid', 'base64'],
    ['edits', { prompt: 'a', image: RAW.slice(0, 40) }, 'base64_is_invalid', 'image'],
    ['video', { image: '!' }, 'base64_is_invalid', 'image'],
    ['video', { prompt: 'a', endImage: '!' }, 'base64_is_invalid', 'endImage'],
    ['upload-discord-images', { base64Array: ['!'] }, 'base64_is_invalid', 'base64Array'],
    ['insight-face/swap', { sourceBase64: '!', targetBase64: RAW }, 'base64_is_invalid', 'sourceBase64'],
    ['blend', { base64Array: [RAW, LARGE] }, 'image_too_large', 'base64Array'],
    ['describe', { base64: LARGE }, 'image_too_large', 'base64'],
    ['edits', { prompt: 'a', image: LARGE }, 'image_too_large', 'image'],
    ['video', { image: LARGE }, 'image_too_large', 'image'],
    ['insight-face/swap', { sourceBase64: RAW, targetBase64: LARGE }, 'image_too_large', 'targetBase64'],
    ['describe', { link: 'fox.png' }, 'link_is_invalid', 'link'],
    ['describe', { link: 'http://169.254.169.254/latest' }, 'link_is_invalid', 'link'],
    ['edits', { prompt: 'a', image: 'http://127.0.0.1/a.png' }, 'link_is_invalid', 'image'],
    ['retexture', { prompt: 'a', base64Array: ['file:///etc/passwd'] }, 'link_is_invalid', 'base64Array'],
    ['video', { image: 'https://user@images.example.com/a.png' }, 'link_is_invalid', 'image'],
    ['video', { prompt: 'a', endImage: 'http://[::1]/a.png' }, 'link_is_invalid', 'endImage'],
    ['imagine', { prompt: 'a', base64Array: ['http://localhost/a.png'] }, 'link_is_invalid', 'base64Array'],
    ['imagine', { prompt: 'a', base64: 'http://[::ffff:10.0.0.1]/a.png' }, 'link_is_invalid', 'base64'],
    ['upload-discord-images', { base64: 'http://10.0.0.1/a.png' }, 'link_is_invalid', 'base64'],
    ['insight-face/swap', { sourceUrl: 'fox.png', targetBase64: RAW }, 'link_is_invalid', 'sourceUrl'],
    ['insight-face/swap', { source: RAW, targetUrl: 'http://0x7f.1/' }, 'link_is_invalid', 'targetUrl'],
    ['insight-face/swap', {}, 'sour_base64_and_target_base64_is_required', 'sourceBase64'],
    ['insight-face/swap', { sourceBase64: RAW }, 'sour_base64_and_target_base64_is_required', 'targetBase64'],
  ];
  const titled = cases.map(([route, body, description, field]) => {
    const shown = typeof body === 'string' ? body : JSON.stringify(body);
    return {
      title: `${route} ${shown.slice(0, 70)} → ${description} (${field ?? 'no field'})`,
      route,
      body,
      description,
      field,
    };
  });

  it.each(titled)('$title', async ({ route, body, description, field }) => {
    await refused(`/mj/submit/${route}`, body, description, field);
  });

  it('a parent that still runs: task_status_not_success', async () => {
    await refused('/mj/submit/change', { taskId: running, action: 'REROLL' }, 'task_status_not_success', 'taskId');
    await refused('/mj/submit/simple-change', { content: `${running} R` }, 'task_status_not_success', 'content');
    await refused('/mj/submit/action', { taskId: running, customId: U1 }, 'task_status_not_success', 'taskId');
    await refused('/mj/submit/video', { taskId: running, action: 'extend' }, 'task_status_not_success', 'taskId');
    await refused('/mj/submit/modal', { taskId: done }, 'task_status_not_success', 'taskId');
  });

  it('bodies over the limit of their route are 413', async () => {
    for (const route of ['change', 'simple-change', 'shorten']) {
      const answer = await gateway.post(`/mj/submit/${route}`, { prompt: 'x'.repeat(300_000) });
      expect({ status: answer.status, json: answer.json }).toMatchObject({
        status: 413,
        json: { code: 4, description: 'request_body_too_large' },
      });
    }
  });

  it('what a key may not do, or not pay: mode_not_allowed, action_not_allowed, quota_not_enough', async () => {
    const set = (columns: string): Promise<unknown> => gateway.sql(`update api_key set ${columns}`);
    const becomes = async (body: object, description: string): Promise<void> => {
      await until(description, async () => {
        const { json } = await gateway.post('/mj/submit/blend', body);
        return json['description'] === description ? true : null;
      });
      upstream.submits.length = 0;
      await refused('/mj/submit/blend', body, description);
    };
    const body = { base64Array: twice };
    await set("modes = '{RELAX}'");
    await becomes(body, 'mode_not_allowed');
    await set("modes = null, actions = '{IMAGINE}'");
    await becomes(body, 'action_not_allowed');
    await set('actions = null');
    await gateway.sql('update account set is_limited = true, has_credit_limit = true, balance = 0.09');
    await becomes(body, 'quota_not_enough');
  });
});

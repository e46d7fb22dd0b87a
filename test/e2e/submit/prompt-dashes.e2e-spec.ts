import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What a prompt asks for besides words: speed and kind, however its dashes are written; and what of it is shown. */
describe('modes and dashes in prompts', () => {
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '500', DEFAULT_MODE: 'RELAX' } });

  const submit = async (path: string, body: object): Promise<{ id: string; sent: Record<string, unknown> }> => {
    const { json } = await gateway.post<{ code: number; result: string }>(path, body);
    expect(json).toMatchObject({ code: 1 });
    return { id: json.result, sent: upstream.submits.at(-1)?.body ?? {} };
  };
  const row = async (id: string): Promise<unknown> =>
    (await gateway.sql('select action, mode, prompt, price::float from task where id = $1', [id]))[0];

  it.each([
    ['a fox —turbo', 'a fox --turbo', { mode: 'TURBO', action: 'IMAGINE', price: 0.2 }],
    ['—Turbo a fox —ar 3:2', 'a fox --ar 3:2 --turbo', { mode: 'TURBO' }],
    ['a fox —fast --relax', 'a fox --fast', { mode: 'FAST', price: 0.1 }],
    ['a fox —ar 3:2 —v 7', 'a fox --ar 3:2 --v 7', { mode: 'RELAX', price: 0.05 }],
    ['a fox —video 1 —motion high', 'a fox --video 1 --motion high', { action: 'VIDEO', price: 0.4 }],
    ['a fox —video', 'a fox --video', { action: 'VIDEO', price: 0.4 }],
    ['a fox — red, —so they say', 'a fox — red, —so they say', { mode: 'RELAX' }],
    ['a fox –turbo', 'a fox –turbo', { mode: 'RELAX', price: 0.05 }],
  ])('imagine %s', async (prompt, sent, expected) => {
    const made = await submit('/mj/submit/imagine', { prompt });
    expect(made.sent).toMatchObject({ prompt: sent });
    expect(await row(made.id)).toMatchObject({ prompt, ...expected });
  });

  it.each([
    ['edits', { image: PICTURE }],
    ['retexture', { image: PICTURE }],
    ['video', {}],
  ])('%s reads them alike', async (route, more) => {
    const made = await submit(`/mj/submit/${route}`, { prompt: 'a fox —turbo —raw', ...more });
    expect(made.sent).toMatchObject({ prompt: 'a fox --raw --turbo', mode: 'TURBO' });
    expect(await row(made.id)).toMatchObject({ mode: 'TURBO' });
  });

  it('the mode that was chosen otherwise beats them, and is not contradicted', async () => {
    const made = await submit('/mj-fast/mj/submit/imagine', { prompt: 'a fox —turbo' });
    expect(made.sent).toMatchObject({ prompt: 'a fox --fast', mode: 'FAST' });
  });

  it('are a warning to the lint, with a fix, and no reason to refuse', async () => {
    await gateway.sql("update api_key set prompt_lint = 'strict'");
    const { json } = await until('strictness', async () => {
      const bad = await gateway.post('/mj/submit/imagine', { prompt: 'a fox --ar16:9' });
      if (bad.json['description'] !== 'prompt_is_invalid') return null;
      return gateway.post('/mj/submit/imagine', { prompt: 'a fox —ar 16:9 —turbo' });
    });
    expect(json).toMatchObject({
      code: 1,
      properties: { warnings: [{ rule: 'dash', severity: 'warning', start: 6, end: 7, fix: '--' }, { rule: 'dash' }] },
    });
    await gateway.sql("update api_key set prompt_lint = 'warn'");
  });

  it.each<[string, string, object, string, string]>([
    ['the path', '/mj-turbo/mj/submit/imagine', { prompt: 'a fox --ar 3:2' }, 'a fox --ar 3:2', 'TURBO'],
    ['the body', '/mj/submit/imagine', { prompt: 'a fox', mode: 'turbo' }, 'a fox', 'TURBO'],
    ['a filter', '/mj/submit/imagine', { prompt: 'a fox', accountFilter: { modes: ['FAST'] } }, 'a fox', 'FAST'],
    ['the prompt', '/mj/submit/imagine', { prompt: 'a fox --turbo' }, 'a fox --turbo', 'TURBO'],
    ['the prompt, by a phone', '/mj/submit/imagine', { prompt: 'a fox —turbo' }, 'a fox --turbo', 'TURBO'],
    ['another than the prompt has', '/mj/submit/imagine', { prompt: 'a fox --fast', mode: 'TURBO' }, 'a fox', 'TURBO'],
  ])(
    'a mode chosen by %s reaches the upstream, and shows only where it was typed',
    async (_, path, body, shown, mode) => {
      const { id, sent } = await submit(path, body);
      const echo = String(sent['prompt']);
      expect(echo).toMatch(new RegExp(`--${mode.toLowerCase()}$`));
      const [found] = await gateway.sql<{ id: string }>('select upstream_task_id as id from task where id = $1', [id]);
      upstream.show(found?.id ?? '', {
        status: 'SUCCESS',
        prompt: echo,
        promptEn: echo,
        properties: { finalPrompt: `${echo} --v 8.2` },
      });
      const task = await until('the end', async () => {
        const { json } = await gateway.get(`/mj/task/${id}/fetch`);
        return json['status'] === 'SUCCESS' ? json : null;
      });
      expect(task).toMatchObject({ ...('prompt' in body ? { prompt: body.prompt } : {}), promptEn: shown, mode });
      expect(task['properties']).toMatchObject({ finalPrompt: `${shown} --v 8.2` });
    },
  );
});

import type { TaskView } from '../../../libs/wire/src/index.js';
import { ADMIN_KEY, AdminClient } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const FOUR = '1️⃣ a fox in snow --ar 3:2\n\n2️⃣ a red fox --ar 3:2\n\n3️⃣ a vixen\n\n4️⃣ snow';
const SHORT = '## Important tokens\n**fox** (1.00)\n## Shortened prompts\n1️⃣ fox, snow\n2️⃣ fox';
const TYPED = 'please draw a fox that stands in the snow';
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('texts that were found', () => {
  const { gateway, upstream, receiver } = useGateway({ environment: { ADMIN_KEY } });

  const done = async (route: string, body: object, said: Record<string, unknown>): Promise<TaskView> => {
    upstream.onSubmit = (submit) => ({
      code: 1,
      description: 'ok',
      result: upstream.accept(submit, { status: 'SUCCESS', imageUrl: null, ...said }).id,
    });
    const hooked = { ...body, notifyHook: receiver.url };
    const { json } = await gateway.post<{ result: string }>(`/mj/submit/${route}`, hooked);
    return until('the end', async () => {
      const { json: task } = await gateway.get<TaskView>(`/mj/task/${json.result}/fetch`);
      return task.status === 'SUCCESS' ? task : null;
    });
  };

  const everywhere = async ({ id }: TaskView): Promise<object[]> => {
    const hook = await until('the hook', () => receiver.of(id).find(({ task }) => task.status === 'SUCCESS') ?? null);
    const listed = await gateway.post<TaskView[]>('/mj/task/list-by-condition', { ids: [id] });
    const page = await gateway.get<{ items: TaskView[] }>('/mj/task/list?limit=1');
    const { text } = await gateway.get(`/mj/task/${id}/events`);
    const [, event = '{}'] = /^data: ?(.+)$/m.exec(text) ?? [];
    return [hook.task, ...listed.json, ...page.json.items, JSON.parse(event) as object];
  };

  it.each<[string, string, object, Record<string, unknown>, string]>([
    ['DESCRIBE', 'describe', { base64: PIXEL }, { prompt: FOUR, promptEn: FOUR }, FOUR],
    ['DESCRIBE, told in the prompt alone', 'describe', { base64: PIXEL }, { prompt: FOUR }, FOUR],
    ['SHORTEN', 'shorten', { prompt: TYPED }, { prompt: TYPED, properties: { finalPrompt: SHORT } }, SHORT],
    ['SHORTEN, told in the description', 'shorten', { prompt: TYPED }, { prompt: TYPED, description: SHORT }, SHORT],
  ])('of %s are in all places of every view, and in the row', async (_, route, body, said, found) => {
    const task = await done(route, body, said);
    const texts = { prompt: found, promptEn: found, properties: { finalPrompt: found } };
    expect(task).toMatchObject(texts);
    for (const view of await everywhere(task)) expect(view).toMatchObject({ id: task.id, ...texts });
    const { json } = await new AdminClient(gateway).get<{ task: object }>(`/tasks/${task.id}`);
    expect(json.task).toMatchObject({ id: task.id, prompt: found, promptEn: found, finalPrompt: found });
    expect(await gateway.sql('select prompt, prompt_en, final_prompt from task where id = $1', [task.id])).toEqual([
      { prompt: found, prompt_en: found, final_prompt: found },
    ]);
  });

  it('choose no speed for what is drawn of them: nobody typed it', async () => {
    const said = { prompt: `${TYPED} --turbo`, description: '## Shortened prompts\n1️⃣ fox --turbo' };
    const buttons = [{ customId: 'MJ::Job::PromptAnalyzer::1', label: '', emoji: '1️⃣' }];
    const typed = { prompt: `${TYPED} --turbo`, mode: 'FAST' };
    const parent = await done('shorten', typed, { ...said, buttons });
    expect(parent).toMatchObject({ mode: 'FAST', prompt: said.description });
    const press = { taskId: parent.id, customId: 'MJ::Job::PromptAnalyzer::1' };
    const { json } = await gateway.post<{ result: string }>('/mj/submit/action', press);
    const drawn = await gateway.get<TaskView>(`/mj/task/${json.result}/fetch`);
    expect(drawn.json).toMatchObject({ action: 'IMAGINE', mode: 'FAST', prompt: 'fox --turbo' });
  });

  it('are the prompts of what is drawn of them', async () => {
    const buttons = [1, 2, 3, 4].map((n) => ({ customId: `MJ::Job::PicReader::${n}`, label: '', emoji: `${n}️⃣` }));
    const parent = await done('describe', { base64: PIXEL }, { promptEn: FOUR, buttons });
    upstream.onSubmit = (submit) => ({
      code: 21,
      description: 'Waiting for window confirm',
      result: upstream.accept(submit, { status: 'MODAL' }).id,
      properties: { finalPrompt: '', remix: true },
    });
    const press = { taskId: parent.id, customId: 'MJ::Job::PicReader::2' };
    const { json } = await gateway.post<{ result: string }>('/mj/submit/action', press);
    const shown = await gateway.get<TaskView>(`/mj/task/${json.result}/fetch`);
    expect(shown.json).toMatchObject({ status: 'MODAL', prompt: 'a red fox --ar 3:2' });
    upstream.onSubmit = (submit) => ({ code: 1, description: 'ok', result: submit.body['taskId'] });
    await gateway.post('/mj/submit/modal', { taskId: json.result });
    expect(upstream.submits.at(-1)?.body).toMatchObject({ prompt: 'a red fox --ar 3:2' });
  });
});

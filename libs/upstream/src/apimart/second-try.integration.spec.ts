import { reply, type Received, type Script } from '../../test/scripted-server.js';
import { actionWork, command } from '../../test/commands.js';
import { SUBMIT_CONTEXT } from '../../test/target.js';
import { errorBody, NOT_FOUND, useApimart } from '../../test/use-apimart.js';
import type { SubmitCommand } from '../port/command.js';

const ID = 'task_01K8ABC';
const { server, adapter, up, asked } = useApimart();

describe('a U that the vendor refuses', () => {
  const LINKS = [0, 1, 2, 3].map((n) => `https://cdn.test/0_${n}.png`);
  const JOB = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';
  const GRID = {
    id: ID,
    status: 'SUCCESS',
    prompt: 'a fox --v 8.2',
    grid_image_url: 'https://cdn.test/grid.png',
    image_urls: [LINKS[0], LINKS[1], null, LINKS[3]],
    buttons: [{ customId: `MJ::JOB::variation::1::${JOB}`, label: 'V1', style: 2 }],
    metadata: { state: 'jm:1' },
  };
  const refuse = reply(errorBody(400, 'invalid_request_error', 'V8 has no upscale'), 400);
  const change = (index: number): SubmitCommand =>
    command({ kind: 'change', upstreamTaskId: ID, action: 'UPSCALE', index });

  beforeEach(() => {
    server.script = (received, response) => (received.method === 'POST' ? refuse : reply(GRID))(received, response);
  });

  it('is the picture of the grid that is there already', async () => {
    const outcome = await adapter.submit(up, change(2), SUBMIT_CONTEXT);
    const upstreamTaskId = `${ID}~2~6240000000000001`;
    expect(outcome).toEqual({ kind: 'accepted', upstreamTaskIds: [upstreamTaskId] });
    const picked = await adapter.fetch(up, upstreamTaskId);
    expect(picked).toMatchObject({
      upstreamTaskId,
      state: null,
      status: 'SUCCESS',
      progress: 100,
      imageUrl: LINKS[1],
      imageUrls: [LINKS[1]],
    });
    expect(picked?.buttons.map(({ customId }) => customId)).toContain(`MJ::JOB::low_variation::1::${JOB}::SOLO`);
  });

  it.each([
    ['withheld', 3],
    ['none of the grid', 5],
  ])('stays refused where the picture is %s', async (_what, index) => {
    const outcome = await adapter.submit(up, change(index), SUBMIT_CONTEXT);
    expect(outcome).toEqual({ kind: 'refused', code: 4, words: 'V8 has no upscale' });
  });

  it('stays refused where the grid cannot be read', async () => {
    server.script = (received, response) => (received.method === 'POST' ? refuse : reply('', 500))(received, response);
    await expect(adapter.submit(up, change(1), SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'refused' });
  });

  it('fails if the picture is withheld later', async () => {
    await expect(adapter.fetch(up, `${ID}~3~1`)).resolves.toMatchObject({ status: 'FAILURE', imageUrls: [] });
  });
});

describe('a window of the vendor', () => {
  const customId = 'MJ::Inpaint::1::3d2a9a4e::SOLO';
  const press = command(actionWork({ upstreamTaskId: ID, customId }));
  const opened = (id: string): Script => reply({ code: 200, data: [{ status: 'modal', task_id: id }] });
  const modal = (upstreamTaskId: string): SubmitCommand =>
    command({ kind: 'modal', upstreamTaskId, prompt: 'a hat', mask: null });
  const gone = reply(errorBody(400, 'invalid_request_error', 'the window has expired'), 400);
  const accept = reply({ code: 200, data: [{ status: 'submitted', task_id: 'task_W2' }] });

  /** Opens a window, gives its id, and lets the server do as it says from then on. */
  async function open(script: (received: Received) => Script): Promise<string> {
    server.script = opened('task_W1');
    const outcome = await adapter.submit(up, press, SUBMIT_CONTEXT);
    server.script = (received, response) => script(received)(received, response);
    return outcome.kind === 'window' ? (outcome.upstreamTaskId ?? '') : '';
  }

  it('is read and confirmed by its id', async () => {
    const id = await open(({ method }) => (method === 'GET' ? reply({ id: 'task_W1', status: 'MODAL' }) : accept));
    await expect(adapter.fetch(up, id)).resolves.toMatchObject({ upstreamTaskId: id, status: 'MODAL' });
    await expect(adapter.submit(up, modal(id), SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'accepted' });
    expect(asked().slice(1)).toEqual(['GET /v1/midjourney/task_W1', 'POST /v1/midjourney/generations/modal']);
    expect(JSON.parse(server.received.at(-1)?.body ?? '')).toMatchObject({ task_id: 'task_W1', prompt: 'a hat' });
  });

  it('that the vendor has closed is opened once more, and that one confirmed', async () => {
    const id = await open(({ method, path, body }) => {
      if (method === 'GET') return reply({ id: 'task_W1', status: 'CANCELLED' });
      return path.endsWith('/inpaint') ? opened('task_W2') : body.includes('task_W2') ? accept : gone;
    });
    const outcome = await adapter.submit(up, modal(id), SUBMIT_CONTEXT);
    expect(outcome).toEqual({ kind: 'accepted', upstreamTaskIds: ['task_W2'] });
    const opening = server.received.find(({ path }, at) => at > 0 && path.endsWith('/inpaint'));
    expect(JSON.parse(opening?.body ?? '')).toMatchObject({ task_id: ID, custom_id: customId });
  });

  it('that is open is not opened again for a refusal', async () => {
    const id = await open(({ method }) => (method === 'GET' ? reply({ id: 'task_W1', status: 'MODAL' }) : gone));
    const refused = { kind: 'refused', code: 4, words: 'the window has expired' };
    await expect(adapter.submit(up, modal(id), SUBMIT_CONTEXT)).resolves.toEqual(refused);
    expect(asked().filter((one) => one.endsWith('/inpaint'))).toHaveLength(1);
  });

  it('that cannot be opened again stays refused', async () => {
    const id = await open(({ method }) => (method === 'GET' ? NOT_FOUND : gone));
    await expect(adapter.submit(up, modal(id), SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'refused' });
    expect(asked().filter((one) => one.endsWith('/modal'))).toHaveLength(1);
  });
});

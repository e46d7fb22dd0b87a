import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startSimulator, type Simulator } from '../../../apps/simulator/src/simulator.js';
import { buttonOf, SUCCESS } from '../../support/clients/client-case.js';
import { ClientProgram, type ProgramOptions } from '../../support/clients/client-program.js';
import { FRONT_ENDS } from '../../support/clients/front-ends.js';
import { LIBRARIES } from '../../support/clients/libraries.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';

/** The calls of well-known programs against the running gateway, with an upstream that does the work. */
describe('client programs', () => {
  let folder: string;
  let simulator: Simulator;
  let gateway: TestGateway;
  let receiver: HookReceiver;
  let picture: string;
  let other: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journeyman-clients-'));
    simulator = await startSimulator({ dir: folder, runMs: 200 });
    gateway = await TestGateway.start({ upstreamUrl: simulator.url, environment: { UPSTREAM_MAX_CONCURRENT: '100' } });
    receiver = await HookReceiver.start();
    [picture, other] = (await Promise.all(['#2244cc', '#cc4422'].map(pngOf))) as [string, string];
  });

  afterAll(async () => {
    await gateway.close();
    await receiver.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([...FRONT_ENDS, ...LIBRARIES])('$name', async ({ run }) => {
    const { url, key } = gateway;
    const program = (options: Partial<ProgramOptions>): ClientProgram =>
      new ClientProgram({ base: url, headers: {}, ...options });
    await run({ url, key, program, receiver, picture, other });
  });

  it('a second Journeyman in front', async () => {
    const environment = { UPSTREAM_SECRET: gateway.key };
    const front = await TestGateway.start({ upstreamUrl: gateway.url, environment });
    try {
      const headers = { authorization: `Bearer ${front.key}` };
      const client = new ClientProgram({ base: front.url, headers });
      const task = await client.make('/mj/submit/imagine', { prompt: 'a gate behind a gate' });
      expect(task).toMatchObject({ ...SUCCESS, imageUrl: `${front.url}/mj/image/${task.id}` });
      expect((await client.get(`/mj/image/${task.id}`)).headers['content-type']).toBe('image/png');
      const single = await client.make('/mj/submit/action', { taskId: task.id, customId: buttonOf(task, 'U3') });
      expect(single).toMatchObject({ ...SUCCESS, parentId: task.id });
    } finally {
      await front.close();
    }
  });
});

async function pngOf(background: string): Promise<string> {
  const png = sharp({ create: { width: 48, height: 48, channels: 3, background } }).png();
  return (await png.toBuffer()).toString('base64');
}

import sharp from 'sharp';
import { UPSTREAM_KINDS, type UpstreamKind } from '../../../libs/upstream/src/index.js';
import { buttonOf, SUCCESS } from '../../support/clients/client-case.js';
import { ClientProgram, type ProgramOptions } from '../../support/clients/client-program.js';
import { FRONT_ENDS } from '../../support/clients/front-ends.js';
import { LIBRARIES } from '../../support/clients/libraries.js';
import { TestGateway } from '../../support/gateway.js';
import { startKindGateway, type KindGateway } from '../../support/kind-gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';

/** Programs that read the seed of a task, which a kind does not show. */
const WITHOUT: Partial<Record<UpstreamKind, readonly string[]>> = {
  apimart: ['chatgpt-web-midjourney-proxy', 'new-api, as a gateway in front'],
};

/** The calls of well-known programs against the running gateway, with an upstream of each kind that does the work, and another one for what the kind does not have. */
describe.each(UPSTREAM_KINDS)('client programs before an upstream of kind %s', (kind) => {
  let started: KindGateway;
  let gateway: TestGateway;
  let receiver: HookReceiver;
  let picture: string;
  let other: string;

  beforeAll(async () => {
    const defaultVersion = kind === 'midjourney-proxy' ? undefined : '7';
    started = await startKindGateway(kind, { runMs: 200, defaultVersion, hasSubstitute: true });
    ({ gateway } = started);
    receiver = await HookReceiver.start();
    [picture, other] = (await Promise.all(['#2244cc', '#cc4422'].map(pngOf))) as [string, string];
  });

  afterAll(async () => {
    await started.close();
    await receiver.close();
  });

  const programs = [...FRONT_ENDS, ...LIBRARIES].filter(({ name }) => WITHOUT[kind]?.includes(name) !== true);

  it.each(programs)('$name', async ({ run }) => {
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

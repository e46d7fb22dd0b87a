import { EgressPolicy } from '#libs/net';
import { HookRig } from '../../test/hook-rig.js';
import { HookUrls } from '../send/hook-url.js';
import { hostOf } from '../receivers/receiver-host.js';

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

describe('the end of a task, for a receiver that asks for it afterwards', () => {
  it('is redirected to another one once, and not to the same with its login sealed anew', async () => {
    const [first, second] = [await rig.receiver(), await rig.receiver()];
    const urls = new HookUrls(new EgressPolicy(['127.0.0.1']), rig.box);
    const dispatcher = rig.dispatcher();
    const taskId = await rig.task();
    await rig.finish(taskId, first.origin);
    await rig.settled(taskId, 'delivered');
    const ask = async (): Promise<void> => {
      const read = urls.read(second.origin.replace('//', '//bob:pw@'));
      const url = read.kind === 'ok' ? read.url : '';
      await dispatcher.redirect({ taskId, apiKeyId: rig.apiKeyId, url, host: hostOf(url), seq: 1, payload: '{}' });
    };
    await ask();
    await rig.settled(taskId, 'delivered');
    expect(second.hooks.map(({ headers }) => headers.authorization)).toEqual(['Basic Ym9iOnB3']);
    const before = await rig.row(taskId);
    await ask();
    expect(await rig.row(taskId)).toEqual(before);
    expect([first.hooks.length, second.hooks.length]).toEqual([1, 1]);
  });
});

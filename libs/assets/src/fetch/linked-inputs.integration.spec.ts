import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { EgressPolicy } from '#libs/net';
import { until } from '../../../../test/support/until.js';
import { OriginServer } from '../../test/origin-server.js';
import { LINKED_INPUT_LIMITS, LinkedInputs, type LinkedInput, type LinkedInputLimits } from './linked-inputs.js';
import { OriginClient } from './origin-client.js';

const never = new AbortController().signal;
const text = (found: LinkedInput): string | null =>
  found.kind === 'fetched' ? Buffer.concat([...found.base64]).toString('latin1') : null;

describe('LinkedInputs', () => {
  let origin: OriginServer;
  const opened: LinkedInputs[] = [];

  beforeAll(async () => {
    origin = await OriginServer.start();
  });

  afterAll(async () => {
    await Promise.all(opened.map((inputs) => inputs.onApplicationShutdown()));
    await origin.stop();
  });

  const inputsWith = (limits: Partial<LinkedInputLimits> = {}, egress = ['127.0.0.0/8']): LinkedInputs => {
    const client = new OriginClient(
      { policy: new EgressPolicy(egress), userAgent: 'test', maxConnectionsPerOrigin: 64, connectMs: 2_000 },
      () => null,
    );
    const inputs = new LinkedInputs(client, { ...LINKED_INPUT_LIMITS, ...limits });
    opened.push(inputs);
    return inputs;
  };
  /** A path whose answers are in the hands of the test. */
  const held = (path: string): { url: string; answers: ServerResponse[] } => {
    const answers: ServerResponse[] = [];
    return { url: origin.on(path, (_, response) => void answers.push(response)), answers };
  };

  it.each([1, 2, 3, 49_151, 49_152, 49_153, 300_000, 1_000_001])('gives %d bytes as base64', async (length) => {
    const bytes = randomBytes(length);
    const inputs = inputsWith();
    const found = await inputs.take('1', origin.serve(`/${length}`, bytes), never);
    expect(text(found) === bytes.toString('base64')).toBe(true);
    expect(inputs.held).toBe(bytes.toString('base64').length);
    if (found.kind === 'fetched') found.leave();
    if (found.kind === 'fetched') found.leave();
    expect([inputs.held, inputs.fetching]).toEqual([0, 0]);
  });

  it('fetches once what an owner asks for at a time, and again for others and later', async () => {
    const inputs = inputsWith();
    const { url, answers } = held('/once');
    const asked = ['1', '1', '2'].map((owner) => inputs.take(owner, url, never));
    await until('both fetches', () => Promise.resolve(answers.length === 2 ? true : null));
    answers.forEach((answer) => answer.end('abc'));
    const found = await Promise.all(asked);
    expect(found.map(text)).toEqual(['YWJj', 'YWJj', 'YWJj']);
    expect(inputs.held).toBe(8);
    found.forEach((one) => one.kind === 'fetched' && one.leave());
    const again = inputs.take('1', url, never);
    await until('the third', () => Promise.resolve(answers[2]));
    answers[2]?.end('abcd');
    expect(text(await again)).toBe('YWJjZA==');
  });

  it('says why there is nothing', async () => {
    const inputs = inputsWith({ deadlineMs: 300, maxBytes: 1_000 });
    const refuses = (url: string): Promise<LinkedInput> => inputs.take('1', url, never);
    expect(await refuses(origin.url + '/nothing')).toEqual({ kind: 'unreachable', fault: 'status_404' });
    expect(await refuses(origin.serve('/empty', Buffer.alloc(0)))).toEqual({ kind: 'unreachable', fault: 'empty' });
    expect(await refuses(origin.serve('/long', Buffer.alloc(1_001)))).toEqual({ kind: 'too_large' });
    const endless = origin.on('/endless', (_, response) => void response.write(Buffer.alloc(1_001)));
    expect(await refuses(endless)).toEqual({ kind: 'too_large' });
    expect(await refuses(held('/slow').url)).toEqual({ kind: 'unreachable', fault: 'timeout' });
    expect(await refuses('http://127.0.0.1:1/')).toMatchObject({ kind: 'unreachable', fault: 'connect' });
    const loop = origin.on('/loop', (_, response) => response.writeHead(302, { location: '/loop' }).end());
    expect(await refuses(loop)).toEqual({ kind: 'unreachable', fault: 'redirect' });
    const torn = origin.on('/torn', (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('abc');
      setImmediate(() => response.destroy());
    });
    expect(await refuses(torn)).toMatchObject({ kind: 'unreachable', fault: 'reset' });
    expect([inputs.held, inputs.fetching]).toEqual([0, 0]);
  });

  it('reaches no private address, and none by a redirect', async () => {
    const inputs = inputsWith({}, []);
    expect(await inputs.take('1', origin.url + '/a', never)).toEqual({ kind: 'unreachable', fault: 'blocked' });
    const open = inputsWith();
    const away = origin.on('/away', (_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    expect(await open.take('1', away, never)).toEqual({ kind: 'unreachable', fault: 'blocked' });
  });

  it('gives each owner a share of the fetches; who finds none in time is told so', async () => {
    const inputs = inputsWith({ fetches: { total: 2, perKey: 1, waitersPerKey: 1, waitMs: 60_000 } });
    const { url, answers } = held('/shares');
    const giveUp = new AbortController();
    const first = inputs.take('1', `${url}?1`, never);
    origin.on('/shares?1', (_, response) => void answers.push(response));
    origin.on('/shares?2', (_, response) => void answers.push(response));
    const waiting = inputs.take('1', `${url}?2`, giveUp.signal);
    expect(await inputs.take('1', `${url}?3`, never)).toEqual({ kind: 'busy' });
    const other = inputs.take('2', origin.serve('/free', Buffer.from('x')), never);
    expect(text(await other)).toBe('eA==');
    giveUp.abort();
    expect(await waiting).toEqual({ kind: 'busy' });
    await until('the first', () => Promise.resolve(answers[0]));
    answers[0]?.end('ab');
    expect(text(await first)).toBe('YWI=');
    expect(origin.hits.get('/shares?2')).toBeUndefined();
    expect(inputs.fetching).toBe(0);
  });

  it('holds so many bytes of an owner, and gives them back however the fetch ends', async () => {
    const url = origin.serve('/half', Buffer.alloc(400_000));
    const inputs = inputsWith({ heldByOwner: 600_000, held: 1_000_000 });
    const first = await inputs.take('1', url, never);
    expect(first.kind).toBe('fetched');
    expect(await inputs.take('1', `${origin.serve('/half?2', Buffer.alloc(400_000))}`, never)).toEqual({
      kind: 'busy',
    });
    expect((await inputs.take('2', `${origin.url}/half?2`, never)).kind).toBe('busy');
    if (first.kind === 'fetched') first.leave();
    expect(inputs.held).toBe(0);
    expect((await inputs.take('2', `${origin.url}/half?2`, never)).kind).toBe('fetched');
  });

  it('breaks a fetch off that nobody waits for any more', async () => {
    const inputs = inputsWith();
    const path = '/left';
    const url = origin.on(path, (_, response) => void response.write(Buffer.alloc(200_000)));
    const giveUp = new AbortController();
    const asked = inputs.take('1', url, giveUp.signal);
    await until('some bytes', () => Promise.resolve(inputs.held > 0 ? true : null));
    giveUp.abort();
    expect(await asked).toEqual({ kind: 'unreachable', fault: 'timeout' });
    await until('the end', () =>
      Promise.resolve(origin.brokenOff.includes(path) && inputs.fetching === 0 ? true : null),
    );
    expect(inputs.held).toBe(0);
  });
});

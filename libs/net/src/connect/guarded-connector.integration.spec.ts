import { Loopback, Names } from '../../test/loopback.js';
import { EgressPolicy } from '../policy/egress-policy.js';
import { GuardedClient } from '../client/guarded-client.js';
import type { GuardedClientOptions, PostAnswer } from '../client/guarded-client-options.js';
import { aGuardedClient } from '../../test/a-guarded-client.js';
import { useClosing } from '../../test/use-closing.js';

const PUBLIC = '93.184.215.14';

/** Stands for whatever must never be reached. */
let canary: Loopback;
/** Stands for an honest receiver; tests that may reach it open its address. */
let receiver: Loopback;
const opened = useClosing();

function client(options: Partial<GuardedClientOptions>): GuardedClient {
  return opened(aGuardedClient(options));
}

const post = (from: GuardedClient, url: string): Promise<PostAnswer> =>
  from.post(url, { headers: {}, body: '{}', deadlineMs: 10_000, maxAnswerBytes: 1_024 });

beforeEach(async () => {
  canary = opened(await Loopback.http((_request, response) => response.end('secret')));
  receiver = opened(await Loopback.http((request, response) => response.end(request.headers.host)));
});

describe('what a name may lead to', () => {
  it.each([
    ['loopback', ['127.0.0.1']],
    ['the metadata service', ['169.254.169.254']],
    ['public, then private', [PUBLIC, '127.0.0.1']],
    ['private, then public', ['127.0.0.1', PUBLIC]],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['NAT64', ['64:ff9b::7f00:1']],
    ['ISATAP', ['2606:4700::5efe:7f00:1']],
    ['no address at all', ['localhost']],
    ['65 addresses', Array.from({ length: 65 }, (_, index) => `93.184.215.${index}`)],
    ['1,000 addresses', Array.from({ length: 1_000 }, () => PUBLIC)],
  ])('is refused whole if it is %s', async (_what, addresses) => {
    const names = new Names({ 'rebind.acme.io': addresses });
    const guarded = client({ lookup: names.lookup });
    await expect(post(guarded, canary.url('rebind.acme.io'))).rejects.toMatchObject({
      kind: 'blocked',
      phase: 'connect',
      detail: 'dns',
    });
    expect(canary.connections).toBe(0);
  });

  it('is asked once per connection, and the connection goes to what was judged', async () => {
    // A second question would get an address that is refused.
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const names = new Names({ 'rebind.acme.io': () => answers.shift() ?? [] });
    const guarded = client({ policy: new EgressPolicy(['127.0.0.1/32']), lookup: names.lookup });
    await expect(post(guarded, receiver.url('rebind.acme.io'))).resolves.toMatchObject({ status: 200 });
    expect(names.questions).toEqual(['rebind.acme.io']);
  });

  it('is judged anew for every new connection', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const names = new Names({ 'rebind.acme.io': () => answers.shift() ?? [] });
    const policy = new EgressPolicy(['127.0.0.1/32']);
    await post(client({ policy, lookup: names.lookup }), receiver.url('rebind.acme.io'));
    await expect(post(client({ policy, lookup: names.lookup }), receiver.url('rebind.acme.io'))).rejects.toMatchObject({
      kind: 'blocked',
    });
    expect(receiver.connections).toBe(1);
  });

  it('is tried address by address where several are allowed', async () => {
    // Nothing listens there: the first attempt is refused by the system.
    const policy = new EgressPolicy(['127.0.0.1/32', '::1/128']);
    const names = new Names({ 'both.acme.io': ['::1', '127.0.0.1'] });
    await expect(post(client({ policy, lookup: names.lookup }), receiver.url('both.acme.io'))).resolves.toMatchObject({
      status: 200,
    });
  });
});

describe('a name without an address', () => {
  it.each([
    ['does not exist', 'gone.acme.io', 'ENOTFOUND'],
    ['has no addresses', 'empty.acme.io', 'empty'],
  ])('that %s is a dns error', async (_what, host, detail) => {
    const guarded = client({ lookup: new Names({ 'empty.acme.io': [] }).lookup });
    await expect(post(guarded, canary.url(host))).rejects.toMatchObject({ kind: 'dns', phase: 'connect', detail });
  });

  it('whose resolver fails is a dns error', async () => {
    const guarded = client({
      lookup: (_host, _options, done) => done(Object.assign(new Error('servfail'), { code: 'EAI_AGAIN' }), []),
    });
    await expect(post(guarded, canary.url('a.acme.io'))).rejects.toMatchObject({ kind: 'dns', detail: 'EAI_AGAIN' });
  });

  it('whose resolver is silent ends with the time to connect', async () => {
    const guarded = client({ connectMs: 100, lookup: () => undefined });
    await expect(post(guarded, canary.url('a.acme.io'))).rejects.toMatchObject({ kind: 'timeout', phase: 'connect' });
  });

  it('whose resolver is silent ends with the whole deadline where that is earlier', async () => {
    const guarded = client({ connectMs: 8_000, lookup: () => undefined });
    const call = guarded.post(canary.url('a.acme.io'), { headers: {}, body: '', deadlineMs: 100, maxAnswerBytes: 1 });
    await expect(call).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('a literal address', () => {
  it.each(['127.0.0.1', '[::ffff:7f00:1]', '0', '2130706433', 'localhost'])('%s is not called', async (host) => {
    await expect(post(client({}), canary.url(host))).rejects.toMatchObject({ kind: 'blocked' });
    expect(canary.connections).toBe(0);
  });

  it('is judged by the connector too, not only by the check of the URL', async () => {
    const policy = new EgressPolicy(['127.0.0.1/32']);
    // The range is closed between the check and the connect.
    jest.spyOn(policy, 'allows').mockReturnValue(false);
    await expect(post(client({ policy }), canary.origin)).rejects.toMatchObject({ kind: 'blocked', detail: 'ip' });
    expect(canary.connections).toBe(0);
  });

  it('inside an opened range is called', async () => {
    const policy = new EgressPolicy(['127.0.0.0/8']);
    await expect(post(client({ policy }), receiver.origin)).resolves.toMatchObject({ status: 200 });
  });
});

describe('the check of the connected peer', () => {
  it('ends a connection to another address than the judged one before a byte is sent', async () => {
    let heard = 0;
    const silent = await Loopback.tcp((socket) => socket.on('data', (data) => (heard += data.length)));
    const policy = new EgressPolicy(['127.0.0.1/32']);
    jest.spyOn(policy, 'allows').mockReturnValueOnce(true).mockReturnValue(false);
    const guarded = client({ policy, lookup: new Names({ 'a.acme.io': ['127.0.0.1'] }).lookup });
    await expect(post(guarded, silent.url('a.acme.io'))).rejects.toMatchObject({ kind: 'blocked', detail: 'peer' });
    await silent.drained();
    expect(heard).toBe(0);
    await silent.close();
  });
});

describe('ports that are refused', () => {
  it('stay closed towards public addresses even where ranges are opened', async () => {
    const guarded = client({
      policy: new EgressPolicy(['10.0.0.0/8']),
      lookup: new Names({ 'mail.acme.io': [PUBLIC] }).lookup,
    });
    await expect(post(guarded, 'http://mail.acme.io:25/')).rejects.toMatchObject({ kind: 'blocked', detail: 'dns' });
  });

  it('are open towards an opened range', async () => {
    const guarded = client({
      policy: new EgressPolicy(['127.0.0.1/32']),
      lookup: new Names({ 'mail.acme.io': ['127.0.0.1'] }).lookup,
    });
    // Whether anything listens on this machine's port 1 is not ours to say, but it is not the policy that refuses.
    const outcome = await post(guarded, 'http://mail.acme.io:1/').catch((error: unknown) => error);
    expect(outcome).not.toMatchObject({ kind: 'blocked' });
  });
});

describe('exempt origins', () => {
  it('are reached although the policy refuses them, and nothing else on that address is', async () => {
    const guarded = client({ exemptOrigins: () => new Set([receiver.origin]) });
    await expect(post(guarded, `${receiver.origin}/x`)).resolves.toMatchObject({ status: 200 });
    await expect(post(guarded, canary.origin)).rejects.toMatchObject({ kind: 'blocked' });
    await expect(post(guarded, receiver.url('localhost'))).rejects.toMatchObject({ kind: 'blocked' });
    expect(canary.connections).toBe(0);
  });

  it('cease to be with the next call, kept connection or not', async () => {
    const origins = new Set([receiver.origin]);
    const guarded = client({ exemptOrigins: () => origins });
    await post(guarded, receiver.origin);
    origins.clear();
    await expect(post(guarded, receiver.origin)).rejects.toMatchObject({ kind: 'blocked' });
    expect(receiver.connections).toBe(1);
  });

  it('excuse no odd spelling', async () => {
    const guarded = client({ exemptOrigins: () => new Set([receiver.origin]) });
    const odd = receiver.origin.replace('//', '//user@');
    await expect(post(guarded, odd)).rejects.toMatchObject({ kind: 'blocked', detail: 'userinfo' });
  });
});

describe('the environment', () => {
  const PROXY_VARIABLES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
  // eslint-disable-next-line no-restricted-properties -- the very thing under test
  const environment = process.env;
  afterEach(() => PROXY_VARIABLES.forEach((name) => delete environment[name]));

  it('names no proxy to this client', async () => {
    PROXY_VARIABLES.forEach((name) => (environment[name] = canary.origin));
    const guarded = client({ policy: new EgressPolicy(['127.0.0.1/32']) });
    await expect(post(guarded, receiver.origin)).resolves.toMatchObject({ status: 200 });
    expect(canary.connections).toBe(0);
  });
});

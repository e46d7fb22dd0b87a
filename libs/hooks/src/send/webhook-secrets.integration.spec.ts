import { randomBytes } from 'node:crypto';
import { SecretBox } from '#libs/database';
import { HookRig } from '../../test/hook-rig.js';
import { signHook } from './sign-hook.js';
import { WebhookSecrets } from './webhook-secrets.js';

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rig.reset();
});
afterAll(() => rig.close());

const DAY_MS = 86_400_000;

describe('WebhookSecrets', () => {
  it('makes one secret per key, of 32 bytes, sealed, however many ask at once', async () => {
    const key = await rig.key('asked by many');
    const made = await Promise.all(
      Array.from({ length: 8 }, () => new WebhookSecrets(rig.database, rig.box).create(key)),
    );
    expect(new Set(made).size).toBe(1);
    expect(Buffer.from(made[0]?.replace('whsec_', '') ?? '', 'base64').length).toBe(32);
    const rows = await rig.sql<{ secret: Buffer }>('select secret from webhook_secret where api_key_id = $1', [key]);
    expect(rows.length).toBe(1);
    expect(rows[0]?.secret.toString('latin1')).not.toContain('whsec_');
    expect(await rig.secrets.signing(key, rig.database.now())).toEqual([made[0]]);
  });

  it('signs with both, the newest first, for a day after a rotation', async () => {
    const key = await rig.key('rotated');
    const old = await rig.secrets.create(key);
    const now = rig.database.now();
    expect(await rig.secrets.signing(key, now)).toEqual([old]);
    const made = await rig.secrets.rotate(key);
    expect(made).not.toBe(old);
    expect(await rig.secrets.signing(key, now)).toEqual([made, old]);
    expect(await rig.secrets.signing(key, new Date(now.getTime() + DAY_MS - 60_000))).toEqual([made, old]);
    expect(await rig.secrets.signing(key, new Date(now.getTime() + DAY_MS + 60_000))).toEqual([made]);
    expect(await rig.secrets.create(key)).toBe(made);
  });

  it.each([2, -2])('learns of a rotation elsewhere in 10 s, though the wall clock was set by %d h', async (hours) => {
    let monotonic = 0;
    const here = new WebhookSecrets(rig.database, rig.box, () => monotonic);
    const key = await rig.key('rotated elsewhere');
    const old = await rig.secrets.create(key);
    expect(await here.signing(key, rig.database.now())).toEqual([old]);
    const made = await rig.secrets.rotate(key);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + hours * 3_600_000);
    expect(await here.signing(key, rig.database.now())).toEqual([old]);
    monotonic += 10_000;
    expect(await here.signing(key, rig.database.now())).toEqual([made, old]);
  });

  it('keeps one current secret when rotations meet', async () => {
    const key = await rig.key('rotated by many');
    const made = await Promise.all([1, 2, 3].map(() => rig.secrets.rotate(key)));
    const signing = await rig.secrets.signing(key, rig.database.now());
    expect([...signing].sort()).toEqual([...made].sort());
    const [row] = await rig.sql<{ n: number }>(
      'select count(*)::int as n from webhook_secret where api_key_id = $1 and signs_until is null',
      [key],
    );
    expect(row?.n).toBe(1);
  });

  it('makes a first secret for a key whose hooks are to be signed', async () => {
    const key = await rig.key('never asked');
    const [made, ...others] = await rig.secrets.signing(key, rig.database.now());
    expect(made).toMatch(/^whsec_/);
    expect(others).toEqual([]);
  });

  it('cannot be read under another SECRET_KEY', async () => {
    const key = await rig.key('sealed');
    await rig.secrets.create(key);
    const stranger = new WebhookSecrets(rig.database, new SecretBox(randomBytes(32)));
    await expect(stranger.signing(key, rig.database.now())).rejects.toThrow();
  });

  it('signs a hook twice while it rotates', async () => {
    const receiver = await rig.receiver();
    const old = await rig.secrets.create(rig.apiKeyId);
    const made = await rig.secrets.rotate(rig.apiKeyId);
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    rig.dispatcher();
    await rig.settled(taskId, 'delivered');
    const [hook] = receiver.hooks;
    const signed = signHook({
      id: `msg_${taskId}_1`,
      timestamp: Number(hook?.headers['webhook-timestamp']),
      body: hook?.body ?? '',
      secrets: [made, old],
    });
    expect(hook?.headers).toMatchObject(signed);
    expect(signed['webhook-signature'].split(' ')).toHaveLength(2);
  });
});

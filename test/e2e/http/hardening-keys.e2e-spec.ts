import { ApiKeyCache, newApiKey } from '../../../libs/access/src/index.js';
import { Database } from '../../../libs/database/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { requestRaw } from '../../support/raw-request.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';

const PATH = '/mj/task/6240000000000001/fetch';

/** Who gets in, and who counts as one. */
describe('keys that are nearly right', () => {
  let upstream: ScriptedUpstream;
  /** Believes what is said of where a request comes from, and believes nobody. */
  let trusting: TestGateway;
  let wary: TestGateway;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    trusting = await TestGateway.start({ upstreamUrl: upstream.url, environment: { TRUST_PROXY: '127.0.0.1/32' } });
    wary = await TestGateway.start({ upstreamUrl: upstream.url, replicaOf: trusting });
  });

  afterAll(async () => {
    await wary.close();
    await trusting.close();
    await upstream.close();
  });

  const address = (at: number): string => `198.51.${at >> 8}.${at & 255}`;
  const ask = async (gateway: TestGateway, headers: Record<string, string>, at: number): Promise<number> =>
    (await requestRaw(gateway.url, 'GET', PATH, { headers: { ...headers, 'x-forwarded-for': address(at) } })).status;

  /** More than 500 that are not the key, by a letter, by its case, by what stands around it. */
  const wrong = (key: string): Record<string, string>[] => {
    const letters = [...key];
    const texts = letters.flatMap((letter, at) => {
      const put = (text: string): string => key.slice(0, at) + text + key.slice(at + 1);
      const other = letter === 'x' ? 'y' : 'x';
      const cases = /[a-z]/i.test(letter)
        ? [put(letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())]
        : [];
      return [
        put(''),
        put(letter + letter),
        put(other),
        put(`%${letter.charCodeAt(0).toString(16)}`),
        key.slice(0, at),
        ...cases,
      ];
    });
    const around = [
      '"K"',
      "'K'",
      'K,K',
      'K K',
      'K;',
      'Bearer Bearer K',
      'Basic K',
      'Token K',
      'BearerK',
      'Bearer:K',
      '\u00a0K',
      'K\u00e9',
      'K*',
      '*',
      '%',
    ];
    return [
      ...texts,
      ...around.map((text) => text.replaceAll('K', key)),
      'null',
      'undefined',
      'true',
      'sk-',
      '[object Object]',
    ].flatMap((text): Record<string, string>[] => [{ authorization: `Bearer ${text}` }, { 'mj-api-secret': text }]);
  };

  it('open nothing: none of 500', async () => {
    const variants = wrong(trusting.key).filter(({ authorization, 'mj-api-secret': secret }) => {
      const given = (authorization ?? secret ?? '').trim().replace(/^bearer(?:\s+|$)/i, '');
      return given !== trusting.key;
    });
    expect(variants.length).toBeGreaterThan(500);
    for (const [at, headers] of variants.entries())
      expect([headers, await ask(trusting, headers, at)]).toEqual([headers, 401]);
  });

  it('but the right one does, in every dress that it may wear', async () => {
    const { key } = trusting;
    for (const headers of [
      { authorization: `Bearer ${key}` },
      { authorization: `bearer   ${key}  ` },
      { authorization: key },
      { 'mj-api-secret': key },
      { authorization: '', 'mj-api-secret': key },
      { Authorization: `BEARER ${key}`, 'MJ-API-SECRET': key },
    ] as Record<string, string>[])
      expect([headers, await ask(trusting, headers, 9)]).toEqual([headers, 400]);
  });

  it('are counted for who sends them, whatever address they claim where no proxy is trusted', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 100; at += 1) statuses.push(await ask(wary, { authorization: `Bearer sk-${at}` }, at));
    expect(statuses).toEqual([...Array<number>(60).fill(401), ...Array<number>(40).fill(429)]);
    expect(await ask(wary, { authorization: `Bearer ${wary.key}` }, 5)).toBe(400);
  });

  it('past their limit are not looked up, and a right one passes where it was right before', async () => {
    const keys = trusting.app.get(ApiKeyCache);
    const [HERE, THERE] = [700, 701];
    const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
    const looks = jest.spyOn(keys, 'find');
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, at) => ask(trusting, bearer(`sk-guess-${at}`), HERE)),
    );
    expect(statuses.sort()).toEqual([...Array<number>(60).fill(401), ...Array<number>(40).fill(429)]);
    expect(looks).toHaveBeenCalledTimes(60);
    const fresh = newApiKey();
    await new ApiKeyCache(trusting.app.get(Database)).ensure('fresh', fresh);
    expect(await ask(trusting, bearer(fresh), HERE)).toBe(429);
    expect(looks).toHaveBeenCalledTimes(60);
    expect(await ask(trusting, bearer(trusting.key), HERE)).toBe(400);
    expect(await ask(trusting, bearer(fresh), THERE)).toBe(400);
    expect(await ask(trusting, bearer(fresh), HERE)).toBe(400);
    looks.mockRestore();
  });

  it('are not even hashed where no key is so long', async () => {
    const looks = jest.spyOn(wary.app.get(ApiKeyCache), 'recall');
    expect(await ask(wary, { 'mj-api-secret': 'x'.repeat(10_000) }, 5)).toBe(401);
    expect(looks).not.toHaveBeenCalled();
    looks.mockRestore();
  });
});

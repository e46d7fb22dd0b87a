import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UpstreamKind } from '#libs/upstream';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/src/simulator.js';
import { findTarget } from './find-target.js';
import type { Finding } from './finding.js';
import { Trial, type TrialTerms } from './trial.js';
import { findingInWords, planInWords, summaryInWords } from './try-words.js';
import { exitCodeOf, tryUpstream } from './try-upstream.js';

const SECRET = 'sk-of-the-simulator';
const CALLBACK = '/mj/notify/1795000000000001-token-of-the-push?x=1';
const BASES: Readonly<Record<UpstreamKind, string>> = {
  'midjourney-proxy': '',
  apimart: '',
  youchuan: '',
  legnext: '/api',
};
const TERMS: TrialTerms = {
  prompt: 'a red circle [sim:small]',
  withVideo: false,
  withMask: false,
  sendsTwice: true,
  callbackUrl: null,
  listenPort: null,
  pollMs: 50,
  patienceMs: 30_000,
  callbackMs: 1_000,
};

let dir: string;
let simulator: Simulator;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'try-upstream-'));
});
afterEach(async () => {
  await simulator.close();
  await rm(dir, { recursive: true, force: true });
});

async function tried(
  kind: UpstreamKind,
  terms: Partial<TrialTerms> = {},
  options: Partial<SimulatorOptions> = {},
  before: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Finding[]> {
  simulator = await startSimulator({ dir, secret: SECRET, runMs: 400, ...options });
  await before();
  const text = kind === 'youchuan' ? `app|${SECRET}` : SECRET;
  const baseUrl = simulator.url + BASES[kind];
  const trial = new Trial(await findTarget({ from: 'options', kind, baseUrl, secret: { text } }), {
    ...TERMS,
    ...terms,
  });
  try {
    const findings = await tryUpstream(trial);
    const told = [planInWords(trial.up, trial.terms), ...findings.map(findingInWords), summaryInWords(findings)].join();
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain('token-of-the-push');
    return findings;
  } finally {
    await trial.close();
  }
}

const ids = (findings: readonly Finding[], verdict: Finding['verdict']): string[] =>
  findings.filter((finding) => finding.verdict === verdict).map(({ assumption }) => assumption.id);

const arm = (name: string, faults: string): Promise<unknown> =>
  fetch(`${simulator.url}/simulator/${name}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ faults, times: 2 }),
  });

/** An address that leads to a free port of this machine. */
async function callback(): Promise<Pick<TrialTerms, 'callbackUrl' | 'listenPort'>> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { callbackUrl: `http://127.0.0.1:${port}${CALLBACK}`, listenPort: port };
}

describe('an upstream that is as it is taken for', () => {
  it.each([
    ['midjourney-proxy', []],
    ['apimart', ['video-outputs', 'mask-polarity', 'modal-zoom']],
    ['youchuan', ['callback-called', 'callback-once', 'callback-signature', 'video-outputs']],
    [
      'legnext',
      ['callback-echo', 'callback-called', 'callback-once', 'callback-signature', 'video-outputs', 'edit-open'],
    ],
  ] as const)('%s: what was tried is as expected', async (kind, left) => {
    const findings = await tried(kind);
    expect(findings.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
    expect(ids(findings, 'not tried')).toEqual(left);
    expect(exitCodeOf(findings)).toBe(0);
  });

  it.each(['youchuan', 'legnext'] as const)('%s: calls back are seen', async (kind) => {
    const findings = await tried(kind, await callback());
    expect(ids(findings, 'differs')).toEqual([]);
    expect(ids(findings, 'as expected')).toEqual(
      expect.arrayContaining(['callback-called', 'callback-once', 'callback-signature']),
    );
  });

  it.each(['youchuan', 'legnext', 'apimart'] as const)('%s: a film is made where that is asked for', async (kind) => {
    const findings = await tried(kind, { withVideo: true, sendsTwice: false });
    expect(ids(findings, 'as expected')).toContain('video-outputs');
  });

  it('apimart: a region is repainted where that is asked for', async () => {
    const findings = await tried('apimart', { withMask: true, sendsTwice: false });
    expect(ids(findings, 'as expected')).toContain('mask-polarity');
  });
});

describe('an upstream that is otherwise', () => {
  it('youchuan: a status that is not known', async () => {
    const findings = await tried('youchuan', {}, {}, () => arm('youchuan', 'status=4,slow=1000'));
    expect(ids(findings, 'differs')).toEqual(['known-statuses']);
    expect(findings.find(({ verdict }) => verdict === 'differs')?.came).toBe('status "4"');
    expect(exitCodeOf(findings)).toBe(1);
  });

  it('legnext: calls back that are lost', async () => {
    const findings = await tried('legnext', await callback(), {}, () => arm('legnext', 'lose-callback'));
    expect(ids(findings, 'differs')).toEqual(['callback-called']);
    expect(exitCodeOf(findings)).toBe(1);
  });

  it('apimart: metadata that comes back, and masks the other way round', async () => {
    const options = { apimart: { echoesMetadata: true, masks: 'white-keeps' } } as const;
    const findings = await tried('apimart', { withMask: true }, options);
    expect(ids(findings, 'differs')).toEqual(['metadata-echo', 'mask-polarity']);
  });

  it('midjourney-proxy: tasks that show less than they should', async () => {
    const findings = await tried('midjourney-proxy', { prompt: 'a red circle [sim:no-picture]', patienceMs: 2_000 });
    expect(ids(findings, 'differs')).toContain('four-pictures');
  });

  it('work that is not taken is told apart from work that differs', async () => {
    const findings = await tried('legnext', { prompt: 'a fox [sim:refuse=402]' });
    expect(ids(findings, 'differs')).toEqual([]);
    expect(findings.find(({ assumption }) => assumption.id === 'four-pictures')?.came).toContain('was not taken');
    expect(exitCodeOf(findings)).toBe(2);
  });
});

it('a secret that is wrong ends the run before any work', async () => {
  simulator = await startSimulator({ dir, secret: SECRET });
  const wanted = { from: 'options', kind: 'apimart', baseUrl: simulator.url, secret: { text: 'wrong' } } as const;
  const trial = new Trial(await findTarget(wanted), TERMS);
  await expect(tryUpstream(trial)).rejects.toMatchObject({ fault: 'unauthorized' });
  await trial.close();
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../apps/simulator/src/simulator.js';
import { UpstreamAdmin, UpstreamCache, type UpstreamKind } from '../../libs/upstream/src/index.js';
import { TestGateway } from './gateway.js';

const SECRET = 'the-secret-of-the-simulator';

/** Where the simulator speaks each kind, and the secret in the form of the kind. */
const PLACES: Record<UpstreamKind, { path: string; secret: string }> = {
  'midjourney-proxy': { path: '', secret: SECRET },
  youchuan: { path: '', secret: `app|${SECRET}` },
  legnext: { path: '/api', secret: SECRET },
  apimart: { path: '', secret: SECRET },
};

/** A gateway whose first upstream is of one kind: the simulator, which reaches the gateway's links. */
export interface KindGateway {
  gateway: TestGateway;
  simulator: Simulator;
  close(): Promise<void>;
}

interface KindOptions {
  /** How long the simulator works on an imagine, ms. */
  runMs?: number;
  defaultVersion?: string;
  /** Whether an upstream of the /mj wire does what the kind does not have. */
  hasSubstitute?: boolean;
}

export async function startKindGateway(
  kind: UpstreamKind,
  { runMs = 300, defaultVersion, hasSubstitute = false }: KindOptions = {},
): Promise<KindGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'journeyman-kind-'));
  const simulator = await startSimulator({ dir: folder, secret: SECRET, runMs, concurrency: 100 });
  const environment = { UPSTREAM_SECRET: SECRET, UPSTREAM_MAX_CONCURRENT: '100' };
  const gateway = await TestGateway.start({ upstreamUrl: simulator.url, isPublic: true, environment });
  await gateway.sql('update upstream set enabled = $1', [hasSubstitute]);
  const { path, secret } = PLACES[kind];
  const made = await gateway.app.get(UpstreamAdmin).create({
    name: kind,
    kind,
    baseUrl: simulator.url + path,
    secret,
    priority: 10,
    maxConcurrent: 100,
    defaultVersion,
  });
  if (made.kind !== 'created') throw new Error(made.kind);
  await gateway.app.get(UpstreamCache).refresh();
  return {
    gateway,
    simulator,
    close: async () => {
      await gateway.close();
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { AdapterByKind, UpstreamHttp } from '#libs/upstream';
import { imagine } from '../../libs/upstream/test/commands.js';
import { target } from '../../libs/upstream/test/target.js';
import { until } from '../support/until.js';
import type { ContractBench, Situation } from './contract-bench.js';
import { ContractSimulator, type Json } from './contract-simulator.js';
import { PictureHost } from './picture-host.js';

/** How one vendor of the family is spoken to. */
export interface TobVendor {
  kind: 'youchuan' | 'legnext';
  /** The base URL of the upstream is that of the simulator with this path. */
  basePath: string;
  /** The path of its routes below the base URL. */
  root: string;
  secret: string;
  headers: Record<string, string>;
  idField: string;
  unknownId: string;
  /** Whether a job shows its pictures. */
  isFinished(job: Json): boolean;
  /** Faults of the simulator by the situation that they bring about. */
  faults: Partial<Record<Situation, string>>;
}

const KEY = 'the secret of the simulator';
/** What every vendor of the family may run into. What is lost runs for a while: a list of active jobs shows no others. */
const COMMON_FAULTS = {
  full: 'http-429',
  refused: 'refuse=Invalid_Argument',
  hang: 'accept-hang,slow',
  reset: 'reset,slow',
  crash: 'accept-500,slow',
  unreadable: 'accept-unreadable,slow',
} as const;

export const YOUCHUAN: TobVendor = {
  kind: 'youchuan',
  basePath: '',
  root: '/v1/tob',
  secret: `app|${KEY}`,
  headers: { 'x-youchuan-app': 'app', 'x-youchuan-secret': KEY },
  idField: 'id',
  unknownId: '66f0c0ffee00c0ffee00c0ff',
  isFinished: ({ status, urls }) => status === 2 && Array.isArray(urls) && urls.some((url) => url !== ''),
  faults: { ...COMMON_FAULTS, banned: 'refuse=Msg_Sensitive' },
};

export const LEGNEXT: TobVendor = {
  kind: 'legnext',
  basePath: '/api',
  root: '/v1',
  secret: KEY,
  headers: { 'x-api-key': KEY },
  idField: 'job_id',
  unknownId: '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b',
  isFinished: ({ status }) => status === 'completed',
  faults: { ...COMMON_FAULTS, banned: 'refuse=Msg_Sensitive' },
};

/** A bench of an adapter and the simulator of a vendor of the family. */
export async function tobSimulatorBench(vendor: TobVendor): Promise<ContractBench> {
  const simulator = await ContractSimulator.start(KEY, vendor.headers);
  const host = await PictureHost.start();
  const wire = new TobWire(simulator, vendor);
  const baseUrl = simulator.url + vendor.basePath;
  const { kind, secret, unknownId, faults } = vendor;
  const up = target({ kind, baseUrl, secret, acceptsNotifyHook: true });
  return {
    adapter: new AdapterByKind(new UpstreamHttp({ userAgent: 'Journeyman' })),
    target: up,
    locked: { ...up, secret: secret.replace(KEY, 'not the secret') },
    unreachable: { ...up, baseUrl: 'http://127.0.0.1:1' },
    unknownId,
    picture: (colour) => host.picture(colour),
    context: (state) => ({ state, pushUrl: host.pushUrlOf(state) }),
    running: ({ pushUrl }) => wire.begin('a lighthouse --v 7 [sim:slow=3600000]', pushUrl),
    finished: async ({ pushUrl }) => {
      const upstreamTaskId = await wire.begin('a lighthouse --v 7 [sim:small]', pushUrl);
      await until('a finished job', async () => {
        const job = await wire.read(upstreamTaskId);
        return vendor.isFinished(job) ? job : null;
      });
      const variation = `MJ::JOB::variation::1::${upstreamTaskId}`;
      return { upstreamTaskId, button: variation, windowButton: variation };
    },
    meet: async (situation) => {
      await wire.arm(faults[situation] ?? '');
      return imagine(`a red fox that is ${situation}`);
    },
    countTasks: (_context, command) => wire.countJobs('prompt' in command ? command.prompt : ''),
    breakReads: () => {
      throw new Error('the simulator breaks reads of jobs only that it was told to break');
    },
    close: async () => {
      await simulator.close();
      await host.close();
    },
  };
}

/** The wire of the vendor, spoken past the adapter, and what the simulator tells of itself. */
class TobWire {
  constructor(
    private readonly simulator: ContractSimulator,
    private readonly vendor: TobVendor,
  ) {}

  async begin(text: string, callback: string | null): Promise<string> {
    const { basePath, root, idField } = this.vendor;
    const body = { text, ...(callback === null ? {} : { callback }) };
    return String((await this.simulator.call(`${basePath}${root}/diffusion`, body))[idField]);
  }

  read(id: string): Promise<Json> {
    return this.simulator.call(`${this.vendor.basePath}${this.vendor.root}/job/${id}`);
  }

  /** Lets the next submit run into a fault. */
  async arm(faults: string): Promise<void> {
    if (faults === '') throw new Error('this vendor never comes into that situation');
    await this.simulator.call(`/simulator/${this.vendor.kind}/faults`, { faults });
  }

  async countJobs(text: string): Promise<number> {
    const query = new URLSearchParams({ text }).toString();
    return Number((await this.simulator.call(`/simulator/${this.vendor.kind}/accepted?${query}`))['count']);
  }
}

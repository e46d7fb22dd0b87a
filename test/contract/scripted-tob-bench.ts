import { AdapterByKind, UpstreamHttp } from '#libs/upstream';
import { imagine } from '../../libs/upstream/test/commands.js';
import { target } from '../../libs/upstream/test/target.js';
import type { ContractBench } from './contract-bench.js';
import { ScriptedJobServer } from './scripted-job-server.js';
import { KEY, type TobDialect } from './tob-dialects.js';

/** A bench of an adapter and a scripted server of a dialect of the family. */
export async function scriptedTobBench(dialect: TobDialect): Promise<ContractBench> {
  const server = await ScriptedJobServer.start(dialect);
  const { kind, secret } = dialect;
  const up = target({ kind, baseUrl: server.origin, secret, acceptsNotifyHook: true });
  return {
    adapter: new AdapterByKind(new UpstreamHttp({ userAgent: 'Journeyman' })),
    target: up,
    locked: { ...up, secret: secret.replace(KEY, 'not the secret') },
    unreachable: { ...up, baseUrl: 'http://127.0.0.1:1' },
    unknownId: dialect.id(999),
    picture: (colour) =>
      Promise.resolve({
        picture: `https://gw.example/mj/input/${colour.slice(1)}.png`,
        size: { width: 512, height: 512 },
      }),
    context: (state) => ({ state, pushUrl: `https://gw.example/mj/notify/${state.slice(3)}-token` }),
    running: ({ pushUrl }) =>
      Promise.resolve(server.add({ text: 'a lighthouse --v 7', callback: pushUrl }, 'running').id),
    finished: ({ pushUrl }) => {
      const { id } = server.add({ text: 'a lighthouse --v 7', callback: pushUrl }, 'done');
      const variation = `MJ::JOB::variation::1::${id}`;
      return Promise.resolve({ upstreamTaskId: id, button: variation, windowButton: variation });
    },
    meet: (situation) => {
      server.meet(situation);
      return Promise.resolve(imagine(`a red fox that is ${situation}`));
    },
    countTasks: ({ pushUrl }) => Promise.resolve(server.count(({ callback }) => callback === pushUrl)),
    breakReads: (breakage) => server.breakReads(breakage),
    close: () => server.close(),
  };
}

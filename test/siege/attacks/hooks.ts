import net from 'node:net';
import { sized, type Attack } from '../attack.js';
import { ask, crowdAddress, requestText, tally, withKey } from '../sockets.js';
import { setTimeout as sleep } from 'node:timers/promises';

const hangingHooks: Attack = {
  name: 'hanging-hooks',
  about: 'Tasks whose hooks go to hundreds of ports that accept and never answer.',
  limitMs: 180_000,
  run: async (target) => {
    const count = sized(target, 300, 120);
    const servers = await Promise.all(
      Array.from(
        { length: count },
        () =>
          new Promise<net.Server>((resolve) => {
            const server = net.createServer((socket) => socket.on('error', () => undefined).resume());
            server.listen(0, '127.0.0.1', () => resolve(server));
          }),
      ),
    );
    const lines = [];
    for (const [number, server] of servers.entries()) {
      const { port } = server.address() as net.AddressInfo;
      const body = JSON.stringify({ prompt: `hanging ${number}`, notifyHook: `http://127.0.0.1:${port}/hang` });
      const headers = { ...withKey(target), 'content-type': 'application/json', connection: 'close' };
      lines.push(await ask(target, requestText('POST', '/mj/submit/imagine', headers, body), crowdAddress(number)));
    }
    await sleep(sized(target, 60_000, 20_000));
    for (const server of servers) server.close();
    return tally(lines);
  },
};

export const HOOKS: readonly Attack[] = [hangingHooks];

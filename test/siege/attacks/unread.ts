import { setTimeout as sleep } from 'node:timers/promises';
import { sized, type Attack, type Target } from '../attack.js';
import { connectMany, crowdAddress, pour, requestText, withKey, type Peer, type PeerOptions } from '../sockets.js';

/** Connections that ask and never read; how many are still open after a while is told. */
async function holdUnread(
  target: Target,
  count: number,
  textOf: (number: number) => string,
  ms: number,
  fromOf: (number: number) => string = crowdAddress,
): Promise<string> {
  const peers = await connectMany(target, count, (number): PeerOptions => ({ from: fromOf(number), isDeaf: true }));
  await Promise.all(peers.map((peer, number) => Promise.race([pour(peer, [textOf(number)]), sleep(ms)])));
  await sleep(ms);
  const open = peers.filter(({ socket }) => !socket.destroyed && socket.writable).length;
  for (const { socket } of peers) socket.destroy();
  return `${peers.length} connections, ${open} open after ${ms / 1_000} s`;
}

/** Long constant answers, short ones, errors, and what needs a key. */
const UNREAD_PATHS = ['/docs-json', '/docs', '/health/ready', '/nowhere', '/mj/task/list?limit=100', '/mj/task/queue'];

const pipelinedUnread: Attack = {
  name: 'pipelined-unread',
  about: 'Thousands of requests in one connection, on each of several routes, none of whose answers is read.',
  limitMs: 120_000,
  run: (target) =>
    holdUnread(
      target,
      sized(target, 24, UNREAD_PATHS.length),
      (number) => requestText('GET', UNREAD_PATHS[number % UNREAD_PATHS.length] ?? '/', withKey(target)).repeat(3_000),
      sized(target, 20_000, 8_000),
    ),
};

const downloadsOfOne: Attack = {
  name: 'downloads-of-one-address',
  about: 'One address opens thousands of downloads and reads none of them.',
  limitMs: 180_000,
  run: (target) =>
    holdUnread(
      target,
      sized(target, 5_000, 1_500),
      (number) => requestText('GET', `/mj/image/${target.pictureIds[number % target.pictureIds.length] ?? '1'}`),
      sized(target, 30_000, 10_000),
      () => crowdAddress(0),
    ),
};

const downloadsOfMany: Attack = {
  name: 'downloads-of-a-crowd',
  about: 'Thousands of downloads from hundreds of addresses, none of which is read.',
  limitMs: 180_000,
  run: (target) =>
    holdUnread(
      target,
      sized(target, 5_000, 1_500),
      (number) => requestText('GET', `/mj/image/${target.pictureIds[number % target.pictureIds.length] ?? '1'}`),
      sized(target, 30_000, 10_000),
      (number) => crowdAddress(number % 300),
    ),
};

const streamsUnread: Attack = {
  name: 'streams-unread',
  about: 'One key opens thousands of event streams and long polls and reads none of them.',
  limitMs: 120_000,
  run: (target) =>
    holdUnread(
      target,
      sized(target, 4_000, 1_200),
      (number) => {
        const id = target.fatIds[number % target.fatIds.length] ?? '1';
        const path = number % 2 === 0 ? `/mj/task/${id}/events` : `/mj/task/${id}/fetch?wait=60`;
        return requestText('GET', path, { ...withKey(target), 'if-none-match': '"0"' });
      },
      sized(target, 20_000, 8_000),
    ),
};

/** Reads a little at a time, so that the connection never looks dead. */
async function sip(peer: Peer, untilMs: number): Promise<void> {
  peer.socket.removeAllListeners('data');
  while (performance.now() < untilMs && !peer.socket.destroyed) {
    peer.socket.read(64);
    await sleep(500);
  }
}

const downloadsSipped: Attack = {
  name: 'downloads-sipped',
  about: 'Downloads that are read at a hundred bytes a second.',
  limitMs: 120_000,
  run: async (target) => {
    const peers = await connectMany(target, sized(target, 1_000, 300), (number) => ({
      from: crowdAddress(number),
      isDeaf: true,
    }));
    for (const [at, { socket }] of peers.entries())
      socket.write(requestText('GET', `/mj/image/${target.pictureIds[at % target.pictureIds.length] ?? '1'}`));
    const until = performance.now() + sized(target, 60_000, 10_000);
    await Promise.all(peers.map((peer) => sip(peer, until)));
    for (const { socket } of peers) socket.destroy();
    return `${peers.length} downloads`;
  },
};

export const UNREAD: readonly Attack[] = [
  pipelinedUnread,
  downloadsOfOne,
  downloadsOfMany,
  downloadsSipped,
  streamsUnread,
];

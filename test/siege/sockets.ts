import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './attack.js';

/** A loopback address of a crowd of attackers: 127.1.0.1, 127.1.0.2, … */
export function crowdAddress(number: number): string {
  return `127.1.${Math.floor(number / 250) % 250}.${(number % 250) + 1}`;
}

/** What an open socket has seen of the other side. */
export interface Peer {
  socket: net.Socket;
  /** Bytes that were read. */
  received: () => number;
  /** First line of the first answer; '' before. */
  statusLine: () => string;
  closed: Promise<void>;
}

export interface PeerOptions {
  /** Local address; the first of the crowd unless given. */
  from?: string;
  /** Reads nothing that is sent: the kernel's buffers fill. */
  isDeaf?: boolean;
}

/** Opens a connection; null when it is refused. */
export function connect(
  target: Target,
  { from = crowdAddress(0), isDeaf = false }: PeerOptions = {},
): Promise<Peer | null> {
  return new Promise((resolve) => {
    const socket = net.connect({ port: target.port, host: target.host, localAddress: from, noDelay: true });
    let received = 0;
    let first = '';
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('error', () => resolve(null));
    socket.once('connect', () => {
      if (isDeaf) socket.pause();
      else
        socket.on('data', (chunk: Buffer) => {
          received += chunk.length;
          if (first.length < 64) first += chunk.toString('latin1', 0, 64);
        });
      resolve({ socket, received: () => received, statusLine: () => first.split('\r\n')[0] ?? '', closed });
    });
  });
}

/** Opens many, some at a time; those that were refused are left out. */
export async function connectMany(
  target: Target,
  count: number,
  optionsOf: (number: number) => PeerOptions = () => ({}),
): Promise<Peer[]> {
  const peers: Peer[] = [];
  const AT_ONCE = 100;
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) =>
      connect(target, optionsOf(from + at)),
    );
    for (const peer of await Promise.all(some)) if (peer !== null) peers.push(peer);
  }
  return peers;
}

/** A whole request as bytes. */
export function requestText(method: string, path: string, headers: Record<string, string> = {}, body = ''): string {
  const lines = Object.entries({ host: 'gateway.test', ...headers }).map(([name, value]) => `${name}: ${value}`);
  if (body !== '') lines.push(`content-length: ${Buffer.byteLength(body)}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, '', body].join('\r\n');
}

export function withKey({ key }: Target): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

/** Sends one request on a connection of its own and waits for the end of the answer, or the limit. Gives the status line. */
export async function ask(target: Target, text: string | Buffer, from?: string, limitMs = 30_000): Promise<string> {
  const peer = await connect(target, from === undefined ? {} : { from });
  if (peer === null) return 'refused';
  peer.socket.write(text);
  await Promise.race([peer.closed, sleep(limitMs)]);
  const line = peer.statusLine();
  peer.socket.destroy();
  return line === '' ? 'no answer' : line;
}

/** Writes as fast as the other side reads; resolves when all is written or the connection has broken. */
export async function pour(peer: Peer, chunks: Iterable<string | Buffer>): Promise<void> {
  for (const chunk of chunks) {
    if (peer.socket.destroyed) return;
    if (!peer.socket.write(chunk)) await Promise.race([drained(peer.socket), peer.closed]);
  }
}

function drained(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => socket.once('drain', () => resolve()));
}

/** How often each line came, most first: `3 × HTTP/1.1 429 …`. */
export function tally(lines: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([line, count]) => `${count} × ${line.replace(/^HTTP\/1\.1 /, '')}`)
    .join(', ');
}

import ipaddr from 'ipaddr.js';
import { connect, isIP, type Socket } from 'node:net';
import type { Destination, TunnelOptions } from './open-tunnel.js';
import { OutboundError } from '../client/outbound-error.js';
import type { OutboundProxy } from './outbound-proxy.js';

/** RFC 1928. */
const VERSION = 5;
const NO_LOGIN = 0;
const LOGIN = 2;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;
/** RFC 1929. */
const LOGIN_VERSION = 1;

/**
 * Opens a tunnel through a SOCKS 5 proxy. Nothing beyond its reply is read: the bytes after it are the destination's.
 *
 * @throws OutboundError of phase `connect`
 */
export async function openSocksTunnel(
  { host, port, credentials }: OutboundProxy,
  to: Destination,
  { timeoutMs }: TunnelOptions,
): Promise<Socket> {
  const socket = connect({ host, port }).setNoDelay(true);
  // A reader of the socket gets the error too; without a listener it would end the process.
  socket.on('error', () => undefined);
  const timer = setTimeout(() => socket.destroy(new OutboundError('timeout', 'connect', 'PROXY')), timeoutMs);
  try {
    await logIn(socket, credentials);
    await ask(socket, to);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function logIn(socket: Socket, credentials: OutboundProxy['credentials']): Promise<void> {
  const offered = credentials === null ? [NO_LOGIN] : [NO_LOGIN, LOGIN];
  socket.write(Buffer.from([VERSION, offered.length, ...offered]));
  const [version, method = -1] = await read(socket, 2);
  if (version !== VERSION) throw refusal('VERSION');
  if (!offered.includes(method)) throw refusal('LOGIN');
  if (method === NO_LOGIN || credentials === null) return;
  const { username, password } = credentials;
  socket.write(Buffer.concat([Buffer.from([LOGIN_VERSION]), counted(username), counted(password)]));
  const [, status] = await read(socket, 2);
  if (status !== 0) throw refusal('LOGIN');
}

async function ask(socket: Socket, { host, port }: Destination): Promise<void> {
  const end = Buffer.alloc(2);
  end.writeUInt16BE(port);
  socket.write(Buffer.concat([Buffer.from([VERSION, CONNECT, 0]), addressOf(host), end]));
  const [version, reply, , type] = await read(socket, 4);
  if (version !== VERSION) throw refusal('VERSION');
  if (reply !== 0) throw refusal(`REPLY_${reply}`);
  // The rest of the reply is the proxy's own address and port, which are not needed.
  await read(socket, (await boundLength(socket, type)) + 2);
}

async function boundLength(socket: Socket, type: number | undefined): Promise<number> {
  switch (type) {
    case IPV4:
      return 4;
    case IPV6:
      return 16;
    case NAME:
      return (await read(socket, 1))[0] ?? 0;
    default:
      throw refusal('ADDRESS');
  }
}

function addressOf(host: string): Buffer {
  const family = isIP(host);
  if (family === 0) return Buffer.concat([Buffer.from([NAME]), counted(host)]);
  return Buffer.from([family === 4 ? IPV4 : IPV6, ...ipaddr.parse(host).toByteArray()]);
}

/** A text with its length before it, in one byte. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > 255) throw refusal('LENGTH');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** Reads so many bytes. @throws OutboundError where the connection fails or ends before */
async function read(socket: Socket, bytes: number): Promise<Buffer> {
  let taken = Buffer.alloc(0);
  for (;;) {
    // All bytes are read and the rest is put back: on a socket with unread bytes, a listener would be called at once, for ever.
    const chunk = socket.read() as Buffer | null;
    if (chunk !== null) taken = Buffer.concat([taken, chunk]);
    if (taken.length >= bytes) {
      if (taken.length > bytes) socket.unshift(taken.subarray(bytes));
      return taken.subarray(0, bytes);
    }
    if (socket.errored instanceof OutboundError) throw socket.errored;
    if (socket.errored !== null) throw refusal((socket.errored as NodeJS.ErrnoException).code ?? 'ERROR');
    if (socket.readableEnded || socket.destroyed) throw refusal('CLOSED');
    if (chunk === null) await change(socket);
  }
}

const CHANGES = ['readable', 'end', 'close', 'error'] as const;

function change(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      for (const name of CHANGES) socket.off(name, wake);
      resolve();
    };
    for (const name of CHANGES) socket.on(name, wake);
  });
}

function refusal(what: string): OutboundError {
  return new OutboundError('connect', 'connect', /^E[A-Z]+$/.test(what) ? what : `PROXY_${what}`);
}

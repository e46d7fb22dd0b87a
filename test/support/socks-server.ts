import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A SOCKS 5 proxy on loopback that remembers what it was asked for. Whatever host it is asked for, it leads to 127.0.0.1. */
export class SocksServer {
  /** `host:port` of every CONNECT, in their order; names as they came. */
  readonly asked: string[] = [];
  readonly logins: string[] = [];
  /** Hosts that it does not get through to. */
  readonly unreachable = new Set<string>();
  /** Name and password that it demands; null: none. */
  login: { username: string; password: string } | null = null;
  /** The reply instead of 0 (succeeded). */
  reply = 0;
  /** Where it says that it is bound: the kinds of address have different lengths. */
  bound: 'ipv4' | 'ipv6' | 'name' = 'ipv4';
  /** The step at which it says nothing more, or hangs up. */
  stuckAt: { step: 'greeting' | 'login' | 'request'; by: 'silence' | 'close' | 'noise' } | null = null;
  private readonly open = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.keep(socket);
      this.serve(socket).catch(() => socket.destroy());
    });
  }

  static async start(): Promise<SocksServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SocksServer(server);
  }

  url(scheme: 'socks5' | 'socks5h' = 'socks5', credentials = ''): string {
    const { port } = this.server.address() as AddressInfo;
    return `${scheme}://${credentials === '' ? '' : `${credentials}@`}127.0.0.1:${port}`;
  }

  /** Resolves when no connection is left. */
  async drained(): Promise<void> {
    await Promise.all([...this.open].map((socket) => new Promise((resolve) => socket.on('close', resolve))));
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(socket: Socket): Promise<void> {
    const read = reader(socket);
    const [, count = 0] = await read(2);
    const methods = [...(await read(count))];
    if (this.isStuck(socket, 'greeting')) return;
    const method = this.login === null ? 0 : 2;
    if (!methods.includes(method)) return void socket.end(Buffer.from([5, 0xff]));
    socket.write(Buffer.from([5, method]));
    if (this.login !== null && !(await this.logIn(socket, read, this.login))) return;
    const [, , , type] = await read(4);
    const host = await hostOf(type, read);
    const port = (await read(2)).readUInt16BE();
    this.asked.push(`${host}:${port}`);
    if (this.isStuck(socket, 'request')) return;
    const reply = this.unreachable.has(host) ? 4 : this.reply;
    if (reply !== 0) return void socket.end(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
    const target = connect(port, '127.0.0.1', () => {
      // In pieces: a client may not count on a reply that comes at once.
      const bytes = Buffer.from([5, 0, 0, ...BOUND[this.bound], 4, 56]);
      socket.write(bytes.subarray(0, 3));
      setImmediate(() => {
        socket.write(bytes.subarray(3));
        socket.pipe(target).pipe(socket);
      });
    });
    this.keep(target);
    target.on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
  }

  private async logIn(socket: Socket, read: Reader, login: NonNullable<SocksServer['login']>): Promise<boolean> {
    const [, nameBytes = 0] = await read(2);
    const username = (await read(nameBytes)).toString();
    const [wordBytes = 0] = await read(1);
    const password = (await read(wordBytes)).toString();
    this.logins.push(`${username} ${password}`);
    if (this.isStuck(socket, 'login')) return false;
    const isRight = username === login.username && password === login.password;
    socket.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) socket.end();
    return isRight;
  }

  private isStuck(socket: Socket, step: NonNullable<SocksServer['stuckAt']>['step']): boolean {
    if (this.stuckAt?.step !== step) return false;
    socket.resume().on('end', () => socket.end());
    if (this.stuckAt.by === 'close') socket.end();
    if (this.stuckAt.by === 'noise') socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    return true;
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.on('error', () => undefined).on('close', () => this.open.delete(socket));
  }
}

type Reader = (bytes: number) => Promise<Buffer>;

const BOUND = { ipv4: [1, 127, 0, 0, 1], ipv6: [4, ...Array<number>(16).fill(1)], name: [3, 3, 97, 46, 98] } as const;

async function hostOf(type: number | undefined, read: Reader): Promise<string> {
  if (type === 3) return (await read((await read(1))[0] ?? 0)).toString();
  if (type === 1) return [...(await read(4))].join('.');
  const groups = (await read(16)).toString('hex').match(/.{4}/g) ?? [];
  return groups.map((group) => parseInt(group, 16).toString(16)).join(':');
}

function reader(socket: Socket): Reader {
  let had = Buffer.alloc(0);
  return async (bytes) => {
    while (had.length < bytes) {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) await once(socket, 'readable');
      else had = Buffer.concat([had, chunk]);
    }
    const wanted = had.subarray(0, bytes);
    had = had.subarray(bytes);
    return wanted;
  };
}

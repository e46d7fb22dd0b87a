import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What a name server says of a name; null: it never answers. */
export type Zone = (
  name: string,
) => { a?: readonly string[]; aaaa?: readonly string[]; ttl?: number } | 'unknown' | null;

const [A, AAAA] = [1, 28];

/** A name server on loopback that counts what it is asked. */
export class NameServer {
  readonly questions: string[] = [];

  private constructor(private readonly socket: Socket) {}

  static async start(zone: Zone): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket);
    socket.on('message', (message, { port, address }) => {
      const { name, type, end } = questionOf(message);
      server.questions.push(name);
      const found = zone(name);
      if (found !== null) socket.send(answerTo(message, end, type, found), port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return server;
  }

  /** As `Resolver.setServers` takes it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }
}

/** The question of a message (RFC 1035, 4.1.2), and where it ends. */
function questionOf(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function answerTo(message: Buffer, end: number, type: number, found: Exclude<ReturnType<Zone>, null>): Buffer {
  const records =
    found === 'unknown'
      ? []
      : type === A
        ? (found.a ?? []).map((ip) => recordOf(A, Buffer.from(ip.split('.').map(Number)), found.ttl ?? 60))
        : type === AAAA
          ? (found.aaaa ?? []).map((ip) => recordOf(AAAA, Buffer.from(ip, 'hex'), found.ttl ?? 60))
          : [];
  const head = Buffer.alloc(12);
  message.copy(head, 0, 0, 2);
  // An answer, recursion available; 3: there is no such name.
  head.writeUInt16BE(0x8180 | (found === 'unknown' ? 3 : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, message.subarray(12, end), ...records]);
}

function recordOf(type: number, data: Buffer, ttl: number): Buffer {
  const head = Buffer.alloc(12);
  // The name is that of the question.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

import net from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  /** Names in lower case; the last of several. */
  headers: Record<string, string>;
  text: string;
  /** All bytes, further answers on the connection included. */
  bytes: string;
}

/**
 * Sends bytes as they are and reads until the server closes the connection, so whatever is sent must make it close:
 * `connection: close`, or something that no HTTP server keeps a connection for.
 */
export function sendRaw(url: string, bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A server that closes while bytes still come resets the connection; what it said before counts.
    socket.on('error', (error) => (chunks.length === 0 ? reject(error) : undefined));
    socket.on('close', () => resolve(readAnswer(Buffer.concat(chunks).toString('utf8'))));
  });
}

/** One request with exactly this target; nothing of it is normalised. */
export function requestRaw(
  url: string,
  method: string,
  target: string,
  { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  const length = body === '' ? [] : [`content-length: ${Buffer.byteLength(body, 'latin1')}`];
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return sendRaw(
    url,
    [`${method} ${target} HTTP/1.1`, 'host: gateway.test', 'connection: close', ...lines, ...length, '', body].join(
      '\r\n',
    ),
  );
}

function readAnswer(bytes: string): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.slice(0, Math.max(0, end)).split('\r\n');
  const headers = lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0),
    headers: Object.fromEntries(headers) as Record<string, string>,
    text: end < 0 ? '' : bytes.slice(end + 4),
    bytes,
  };
}

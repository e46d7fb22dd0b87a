import { once } from 'node:events';
import net from 'node:net';

/** What the requests of a gateway's client are made of. */
export interface LeavingOptions {
  url: string;
  key: string;
  /** Path of a kept picture that is larger than what a kernel takes of an answer. */
  picture: string;
  /** Id of a task that does not end. */
  task: string;
}

/** One way in which requests end. It resolves when the connection is gone; its count says how many it asked. */
export interface Leaving {
  name: string;
  requests: number;
  run: () => Promise<void>;
}

/** Ways in which a client's requests end, most of them before their answers. */
export function waysToLeave({ url, key, picture, task }: LeavingOptions): Leaving[] {
  const head = (line: string, ...headers: string[]): string =>
    [`${line} HTTP/1.1`, 'host: x', `authorization: Bearer ${key}`, ...headers, '', ''].join('\r\n');
  const get = (path: string, ...headers: string[]): string => head(`GET ${path}`, ...headers);
  const post = (path: string, body: string, ...headers: string[]): string =>
    head(`POST ${path}`, 'content-type: application/json', `content-length: ${Buffer.byteLength(body)}`, ...headers) +
    body;
  const upload = (...headers: string[]): string =>
    head('POST /mj/submit/blend', 'content-type: application/json', ...headers);
  const form = head(
    'POST /mj/insight-face/swap',
    'content-type: multipart/form-data; boundary=b',
    'content-length: 9000',
  );
  const none = '{"ids":[]}';
  const list = '/mj/task/list-by-condition';

  const connect = async (bytes: string): Promise<net.Socket> => {
    const { hostname, port } = new URL(url);
    const socket = net.connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(bytes);
    return socket;
  };
  const closed = async (socket: net.Socket): Promise<void> => {
    if (!socket.closed) await once(socket, 'close');
  };
  /** Until the first byte of an answer, or the end. */
  const answered = async (socket: net.Socket): Promise<void> => {
    await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => undefined);
  };
  /** A few turns, in which some of it has been read on the other side, or all, or nothing. */
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const drop = async (bytes: string, wait = 3): Promise<void> => {
    const socket = await connect(bytes);
    await turns(wait);
    socket.destroy();
    await closed(socket);
  };
  const reset = async (bytes: string, wait = 3): Promise<void> => {
    const socket = await connect(bytes);
    await turns(wait);
    socket.resetAndDestroy();
    await closed(socket);
  };
  const halfClose = async (bytes: string): Promise<void> => {
    const socket = await connect(bytes);
    socket.resume().end();
    await closed(socket);
  };
  const leaveMidAnswer = async (bytes: string): Promise<void> => {
    const socket = await connect(bytes);
    await answered(socket);
    socket.destroy();
    await closed(socket);
  };
  const readAll = async (bytes: string): Promise<void> => {
    const socket = await connect(bytes);
    socket.resume();
    await closed(socket);
  };
  const deaf = async (bytes: string): Promise<void> => {
    const socket = await connect('');
    socket.pause();
    socket.write(bytes);
    await turns(30);
    socket.destroy();
    await closed(socket);
  };
  const last = 'connection: close';

  const ways: [name: string, requests: number, run: () => Promise<void>][] = [
    ['read to the end', 3, () => readAll(get('/mj/task/list') + get('/health/live') + get(`${picture}?w=128`, last))],
    ['kept alive and dropped', 2, () => leaveMidAnswer(get('/mj/task/list').repeat(2))],
    ['reset at once', 1, () => reset(get('/mj/task/list'), 0)],
    ['reset under way', 1, () => reset(get(`/mj/task/${task}/fetch?wait=30`))],
    ['half closed', 1, () => halfClose(get('/mj/task/list'))],
    ['half closed while it waits', 1, () => halfClose(get(`/mj/task/${task}/fetch?wait=1`))],
    ['half closed, pipelined', 20, () => halfClose(get(`/mj/task/${task}/fetch`).repeat(20))],
    ['pipelined and dropped', 100, () => drop(get('/docs-json').repeat(100))],
    ['pipelined pictures, reset', 40, () => reset(get(picture).repeat(40), 20)],
    ['pipelined pictures, unread', 40, () => deaf(get(picture).repeat(40))],
    ['pipelined waits', 10, () => drop(get(`/mj/task/${task}/fetch?wait=30`).repeat(10), 10)],
    ['pipelined streams', 5, () => drop(get(`/mj/task/${task}/events`).repeat(5), 10)],
    ['pipelined errors', 50, () => deaf((get('/no/route') + get('/mj/task/1/fetch')).repeat(25))],
    ['pipelined, keys of nobody', 50, () => drop(get('/mj/task/list').replace(key, 'sk-nobody').repeat(50), 10)],
    ['a picture, left in its middle', 1, () => leaveMidAnswer(get(picture))],
    ['a range, left in its middle', 1, () => leaveMidAnswer(get(picture, 'range: bytes=1000-'))],
    ['a variant, left at once', 1, () => drop(get(`${picture}?w=256`))],
    ['HEAD', 3, () => readAll(head(`HEAD ${picture}`) + head('HEAD /docs-json') + head('HEAD /no', last))],
    ['HEAD, pipelined and dropped', 30, () => drop(head(`HEAD ${picture}`).repeat(30))],
    ['an unchanged picture', 2, () => readAll(get(picture, 'if-none-match: *') + get('/no/route', last))],
    ['an event stream, left', 1, () => leaveMidAnswer(get(`/mj/task/${task}/events`))],
    ['an event stream, unread', 1, () => deaf(get(`/mj/task/${task}/events`))],
    ['in the middle of its headers', 1, () => drop(get('/mj/task/list').slice(0, 60))],
    ['in the middle of its body', 1, () => drop(post(list, none).slice(0, -4))],
    [
      'in the middle of a body behind others',
      6,
      () => drop(post(list, none).repeat(5) + post(list, none).slice(0, -4)),
    ],
    ['in the middle of a chunk', 1, () => drop(`${upload('transfer-encoding: chunked')}ff\r\n{`)],
    ['in the middle of an upload', 1, () => drop(`${upload('content-length: 30000000')}{"base64Array":["`, 10)],
    ['a reset upload', 1, () => reset(`${upload('content-length: 9000000')}${'{"a":"'.padEnd(200_000, 'A')}`, 10)],
    ['in the middle of a form', 1, () => drop(`${form}--b\r\ncontent-disposition: form-data; name="state"\r\n\r\nx`)],
    ['a form that is broken', 1, () => halfClose(`${form}--b\r\ncontent-dis`)],
    ['asked whether it may, and gone', 1, () => drop(upload('content-length: 300000', 'expect: 100-continue'))],
    ['asked whether it may, and may', 1, () => leaveMidAnswer(upload('content-length: 900', 'expect: 100-continue'))],
    ['refused its body', 1, () => readAll(upload('content-length: 90000000', last))],
    ['another expectation', 1, () => readAll(get('/mj/task/list', 'expect: magic', last))],
    ['an upgrade', 1, () => readAll(get('/mj/task/list', 'connection: upgrade, close', 'upgrade: websocket'))],
    ['CONNECT', 1, () => readAll(head('CONNECT x:443'))],
    ['OPTIONS', 2, () => readAll(head('OPTIONS /mj/task/list', 'origin: https://a') + head('OPTIONS *', last))],
    ['HTTP/1.0', 1, () => readAll(`GET /health/live HTTP/1.0\r\n\r\n`)],
    ['no host', 1, () => readAll(`GET / HTTP/1.1\r\n\r\n`)],
    ['no HTTP after a request', 2, () => readAll(`${get('/mj/task/list')}no http\r\n\r\n`)],
    ['no HTTP after a wait', 2, () => readAll(`${get(`/mj/task/${task}/fetch?wait=1`)}no http\r\n\r\n`)],
    ['a path that cannot be read', 2, () => readAll(get('/mj/%zz') + get('/mj/%', last))],
    ['a body that is no JSON', 2, () => readAll(post(list, '{"ids":') + post(list, '{', last))],
    ['a body of another type', 1, () => readAll(post(list, 'x', last).replace('application/json', 'text/plain'))],
    ['no request at all', 1, () => drop('')],
  ];
  return ways.map(([name, requests, run]) => ({ name, requests, run }));
}

import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { listen, readText } from '../chaos/http-server.js';
import { GoodRecord, type GoodReport } from './good-record.js';

/** What the parent gives: the gateway, the client's key, and the loopback address it comes from. */
interface Settings {
  url: string;
  key: string;
  address: string;
}

/** Lanes of the client; each submits, follows, fetches the picture, and begins again. */
const LANES = 4;
const PAUSE_MS = 100;
const LOOK_MS = 250;
const GIVE_UP_MS = 60_000;
const CALL_LIMIT_MS = 20_000;
const TERMINAL: ReadonlySet<string> = new Set(['SUCCESS', 'FAILURE', 'CANCEL']);

const { url, key, address } = JSON.parse(process.argv[2] ?? '{}') as Settings;
const agent = new Agent({ localAddress: address, keepAliveTimeout: 4_000 });
const record = new GoodRecord();
let isStopping = false;

const receiver = http.createServer((incoming, response) => {
  void readText(incoming).then((text) => {
    const { id, status, finishTime } = JSON.parse(text) as { id: string; status: string; finishTime: number };
    if (TERMINAL.has(status)) record.hookArrived(id, Math.max(0, Date.now() - finishTime));
    response.writeHead(204).end();
  });
});
const hook = `http://127.0.0.1:${await listen(receiver)}/hook`;

/** One call; its time and every answer that is a refusal are recorded. Null for a refusal. */
async function call(kind: string, path: string, body?: unknown): Promise<Buffer | null> {
  const began = performance.now();
  try {
    const answer = await request(`${url}${path}`, {
      dispatcher: agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const ms = performance.now() - began;
    const isRefusal = answer.statusCode !== 200;
    record.answered(kind, ms, isRefusal ? `${kind}: ${answer.statusCode} ${bytes.toString('utf8', 0, 120)}` : null);
    return isRefusal ? null : bytes;
  } catch (error) {
    record.answered(kind, performance.now() - began, `${kind}: ${error instanceof Error ? error.name : 'failed'}`);
    return null;
  }
}

async function oneTask(lane: number, round: number): Promise<void> {
  const prompt = `a lighthouse at dawn, lane ${lane}, round ${round}`;
  const opened = await call('submit', '/mj/submit/imagine', { prompt, notifyHook: hook });
  if (opened === null) return;
  const { code, result } = JSON.parse(opened.toString()) as { code: number; result: string };
  if (code !== 1) return record.refused(`submit: code ${code}`);
  record.hookExpected(result);
  for (const giveUpAt = performance.now() + GIVE_UP_MS; performance.now() < giveUpAt && !isStopping;) {
    const fetched = await call('fetch', `/mj/task/${result}/fetch`);
    const status = fetched === null ? '' : (JSON.parse(fetched.toString()) as { status: string }).status;
    if (TERMINAL.has(status)) {
      if (status !== 'SUCCESS') record.refused(`task: ${status}`);
      else await call('picture', `/mj/image/${result}`);
      await call('list', '/mj/task/list?limit=20');
      return;
    }
    await sleep(LOOK_MS);
  }
}

async function lane(number: number): Promise<void> {
  for (let round = 0; !isStopping; round += 1) {
    await oneTask(number, round);
    await sleep(PAUSE_MS);
  }
}

process.on('message', (message) => {
  if (message === 'stop') {
    isStopping = true;
    return;
  }
  // Whatever else is asked for is the report of the time since the last one.
  process.send?.({ type: 'report', report: record.take() satisfies GoodReport });
});
process.on('disconnect', () => process.exit(0));

process.send?.({ type: 'ready' });
await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
receiver.closeAllConnections();
receiver.close();
await agent.destroy();
process.exit(0);

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { reply } from '../../test/scripted-server.js';
import { imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT, target } from '../../test/target.js';
import { useScriptedUpstream } from '../../test/use-scripted-upstream.js';
import type { Outcome } from '../port/outcome.js';
import { definitionOf } from '../kinds.js';
import { UpstreamHttp } from './upstream-http.js';
import { MidjourneyProxyAdapter } from '../midjourney-proxy/midjourney-proxy.adapter.js';

const ACCEPT = reply({ code: 1, result: '17' });

const { server, adapter, up } = useScriptedUpstream((http) => new MidjourneyProxyAdapter(http));

function submit(prompt: string): Promise<Outcome> {
  return adapter.submit(up, imagine(prompt), SUBMIT_CONTEXT);
}

describe('a kept connection', () => {
  it.each([
    ['closed', 'destroy'],
    ['reset', 'resetAndDestroy'],
  ] as const)('that is %s when the next submit has been written leaves that one unknown', async (_what, end) => {
    await expect(submit('first')).resolves.toMatchObject({ kind: 'accepted' });
    server.script = ({ socket }) => socket[end]();
    await expect(submit('second')).resolves.toEqual({ kind: 'unknown', fault: 'reset' });
    expect([...server.timesSeen().values()]).toEqual([1, 1]);

    // What comes after is nobody's repeat either.
    server.script = ACCEPT;
    await expect(submit('third')).resolves.toMatchObject({ kind: 'accepted' });
    expect([...server.timesSeen().values()]).toEqual([1, 1, 1]);
  });

  it('that the server closes while the next submit is on its way never carries a submit twice', async () => {
    const outcomes: Outcome['kind'][] = [];
    for (let round = 0; round < 50; round += 1) {
      await submit(`before ${round}`);
      const { socket } = server.received.at(-1) ?? {};
      const next = submit(`next ${round}`);
      // At a different moment each round: before undici looks at the socket, while it does, and after.
      for (let turn = 0; turn < round % 5; turn += 1) await new Promise(setImmediate);
      socket?.destroy();
      outcomes.push((await next).kind);
    }
    const times = server.timesSeen();
    expect([...times.values()].every((count) => count === 1)).toBe(true);
    // It was taken, or nobody knows; what surely never came must not be called taken.
    outcomes.forEach((kind, round) => {
      const seen = [...times.keys()].some((body) => body.includes(`"next ${round}"`));
      expect(seen || kind === 'unknown').toBe(true);
      expect(['accepted', 'unknown']).toContain(kind);
    });
  });

  it('that was idle for more than a second is not used again, whatever keep-alive the server allows', async () => {
    server.script = (received, response) => {
      response.setHeader('keep-alive', 'timeout=600');
      ACCEPT(received, response);
    };
    await submit('first');
    await sleep(1_100);
    await submit('second');
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('is given up by us, not by the server', async () => {
    await submit('first');
    const { socket } = server.received[0] ?? {};
    if (socket !== undefined && !socket.destroyed) await once(socket, 'close');
    expect(server.connections).toBe(1);
  });

  it('carries one request at a time', async () => {
    let open = 0;
    let mostAtOnce = 0;
    server.script = ({ connection }, response) => {
      open += 1;
      mostAtOnce = Math.max(mostAtOnce, open);
      setImmediate(() => {
        open -= 1;
        response.end(JSON.stringify({ code: 1, result: String(connection) }));
      });
    };
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, n) => submit(`p${n}`)));
    expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(server.received).toHaveLength(200);
    expect(server.connections).toBeLessThanOrEqual(64);
    expect(mostAtOnce).toBeLessThanOrEqual(64);
  });
});

describe('a submit that cannot be proven not taken', () => {
  it.each([
    ['youchuan', { id: '66f0c0ffee00c0ffee00c0ff', status: 1 }],
    ['legnext', { job_id: '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b', status: 'pending' }],
    ['apimart', { code: 200, data: [{ status: 'submitted', task_id: 'task_01' }] }],
  ] as const)('has a connection of its own at %s, which no earlier call has used', async (kind, answer) => {
    server.script = reply(answer);
    const own = definitionOf(kind).makeAdapter(new UpstreamHttp({ userAgent: 'Journeyman' }));
    const up = target({ kind, baseUrl: server.origin, secret: 'app|secret' });
    for (const prompt of ['first', 'second', 'third']) {
      await expect(own.submit(up, imagine(prompt), SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'accepted' });
      // A kept connection is free for another call only now.
      await sleep(50);
    }
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 2, 3]);
    await own.close();
  });
});

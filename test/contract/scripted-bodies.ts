import { AdapterByKind, type Outcome, type Snapshot, UpstreamCallError, type UpstreamKind } from '#libs/upstream';
import { imagine } from '../../libs/upstream/test/commands.js';
import { SUBMIT_CONTEXT } from '../../libs/upstream/test/target.js';
import { useScriptedUpstream } from '../../libs/upstream/test/use-scripted-upstream.js';

/** An answer: status, JSON or text (null: none), content type. */
type Answer = readonly [status: number, body: unknown, type?: string];
export type SubmitCase = readonly [what: string, answer: Answer, outcome: Outcome];
/** `null`: no such task; a text: the fault of an UpstreamCallError. */
export type ReadCase = readonly [what: string, answer: Answer, found: Partial<Snapshot> | string | null];

/** What every server on the way to an upstream may answer to a submit, whatever dialect is spoken behind it. */
const ON_THE_WAY: readonly SubmitCase[] = [
  ['an empty 200', [200, null], { kind: 'unknown', fault: 'unreadable' }],
  ['a page', [200, '<!doctype html><html><head><title>Hi</title></head></html>', 'text/html'], unreadable()],
  ['a page of a gateway', [502, '<html><body>502 Bad Gateway</body></html>', 'text/html'], broken()],
  ['a list', [200, []], { kind: 'unknown', fault: 'unexpected' }],
  ['null', [200, 'null'], { kind: 'unknown', fault: 'unexpected' }],
  ['JSON that breaks off', [200, '{"code":200,"data":[{"status":"subm'], unreadable()],
  ['a comma too many', [200, '{"code":200,}'], unreadable()],
  ['a timeout of a gateway', [504, null], broken()],
];

function unreadable(): Outcome {
  return { kind: 'unknown', fault: 'unreadable' };
}

function broken(): Outcome {
  return { kind: 'unknown', fault: 'status_5xx' };
}

/** Registers a test for each body that a server of a kind may answer with, as documented and otherwise. */
export function describeBodies(
  kind: UpstreamKind,
  secret: string,
  { id, submits, reads }: { id: string; submits: readonly SubmitCase[]; reads: readonly ReadCase[] },
): void {
  describe(`the adapter of ${kind} with bodies as servers word them`, () => {
    const { server, adapter, up } = useScriptedUpstream((http) => new AdapterByKind(http), { kind, secret });

    function answer([status, body, type = 'application/json']: Answer): void {
      const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      server.script = (_received, response) => void response.writeHead(status, { 'content-type': type }).end(text);
    }

    it.each([...ON_THE_WAY, ...submits])('submit: %s', async (_what, said, outcome) => {
      answer(said);
      await expect(adapter.submit(up, imagine('a fox'), SUBMIT_CONTEXT)).resolves.toEqual(outcome);
      expect(server.received).toHaveLength(1);
    });

    it.each(reads)('read: %s', async (_what, said, found) => {
      answer(said);
      const read: unknown = await adapter.fetch(up, id).catch((error: unknown) => error);
      if (typeof found === 'string') {
        expect(read).toBeInstanceOf(UpstreamCallError);
        expect(read).toMatchObject({ fault: found });
      } else if (found === null) expect(read).toBeNull();
      else expect(read).toMatchObject(found);
    });
  });
}

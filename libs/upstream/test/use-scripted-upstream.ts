import { standIn } from '../../../test/support/stand-in.js';
import { UpstreamHttp } from '../src/http/upstream-http.js';
import type { UpstreamAdapter, UpstreamTarget } from '../src/port/upstream-adapter.js';
import { ScriptedServer } from './scripted-server.js';
import { target } from './target.js';

/** What each test of a spec starts with. */
export interface ScriptedUpstream<Adapter> {
  /** Accepts every submit until a test writes another script. */
  server: ScriptedServer;
  adapter: Adapter;
  /** The server as an upstream. */
  up: UpstreamTarget;
  /** What came, each request as "METHOD path". */
  asked(): string[];
}

/**
 * A scripted server and an adapter for each test: made before it, closed after it.
 * @param terms of the upstream, besides its base URL
 */
export function useScriptedUpstream<Adapter extends UpstreamAdapter>(
  makeAdapter: (http: UpstreamHttp) => Adapter,
  terms: Partial<UpstreamTarget> = {},
  { userAgent = 'Journeyman' } = {},
): ScriptedUpstream<Adapter> {
  let started: ScriptedServer | undefined;
  let made: Adapter | undefined;
  let baseUrl = '';
  beforeEach(async () => {
    started = await ScriptedServer.start();
    baseUrl = started.origin;
    made = makeAdapter(new UpstreamHttp({ userAgent }));
  });
  afterEach(async () => {
    await made?.close();
    await started?.close();
  });
  const server = standIn('server', () => started);
  return {
    server,
    adapter: standIn('adapter', () => made),
    // Read when it is used: its port is another in each test.
    up: Object.defineProperty(target(terms), 'baseUrl', { enumerable: true, get: () => baseUrl }),
    asked: () => server.received.map(({ method, path }) => `${method} ${path}`),
  };
}

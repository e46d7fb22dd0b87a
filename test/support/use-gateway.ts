import { AdminClient } from './admin-client.js';
import { TestGateway } from './gateway.js';
import { HookReceiver } from './hook-receiver.js';
import { ScriptedUpstream } from './scripted-upstream.js';
import { standIn } from './stand-in.js';

/** A gateway and what is around it, for the tests of one spec file. */
export interface GatewaySetUp {
  gateway: TestGateway;
  /** Its upstream. */
  upstream: ScriptedUpstream;
  /** Takes hooks. */
  receiver: HookReceiver;
  /** Calls its admin API, where ADMIN_KEY is in the environment. */
  admin: AdminClient;
}

/** Starts a gateway with these variables before the tests, on a database of its own, and ends it after them. */
export function useGateway({ environment = {} }: { environment?: Record<string, string> } = {}): GatewaySetUp {
  let upstream: ScriptedUpstream | undefined;
  let receiver: HookReceiver | undefined;
  let gateway: TestGateway | undefined;
  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment });
  });
  afterAll(async () => {
    await gateway?.close();
    await receiver?.close();
    await upstream?.close();
  });
  const started = standIn('gateway', () => gateway);
  return {
    gateway: started,
    upstream: standIn('upstream', () => upstream),
    receiver: standIn('receiver', () => receiver),
    admin: new AdminClient(started),
  };
}

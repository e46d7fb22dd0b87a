import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { Database, SecretBox } from '#libs/database';
import { GuardedClient, NameLookup } from '#libs/net';
import { JobScheduler } from '#libs/runtime';
import { HookDispatcher } from './hook-dispatcher.js';
import { HookPoller } from './hook-poller.js';
import { HookSender } from './hook-sender.js';
import { ReceiverAddresses } from './receiver-addresses.js';
import { ReceiverSweeper } from './receiver-sweeper.js';
import { HOOK_LIMITS, type HookLimits, type HooksOptions } from './hooks-options.js';
import { WebhookSecrets } from './webhook-secrets.js';

const HOOKS_OPTIONS = Symbol('HOOKS_OPTIONS');

export interface HooksAsyncOptions {
  imports?: ModuleMetadata['imports'];
  inject?: FactoryProvider['inject'];
  useFactory: (...injected: never[]) => HooksOptions | Promise<HooksOptions>;
}

/**
 * Tells receivers what became of their tasks. Takes Database, Pulse and SecretBox from a global module or from `imports`.
 */
@Module({})
export class HooksModule {
  static forRoot(options: HooksOptions): DynamicModule {
    return HooksModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ imports = [], inject = [], useFactory }: HooksAsyncOptions): DynamicModule {
    return {
      module: HooksModule,
      imports,
      providers: [
        { provide: HOOKS_OPTIONS, inject, useFactory },
        {
          provide: WebhookSecrets,
          inject: [Database, SecretBox],
          useFactory: (database: Database, box: SecretBox) => new WebhookSecrets(database, box),
        },
        {
          provide: HookDispatcher,
          inject: [Database, WebhookSecrets, SecretBox, HOOKS_OPTIONS],
          useFactory: makeDispatcher,
        },
        {
          provide: HookPoller,
          inject: [JobScheduler, HookDispatcher, HOOKS_OPTIONS],
          useFactory: (scheduler: JobScheduler, dispatcher: HookDispatcher, { enabled }: HooksOptions) =>
            new HookPoller(scheduler, dispatcher, enabled),
        },
        {
          provide: ReceiverSweeper,
          inject: [JobScheduler, Database, HOOKS_OPTIONS],
          useFactory: (scheduler: JobScheduler, database: Database, { enabled }: HooksOptions) =>
            new ReceiverSweeper(scheduler, database, enabled),
        },
      ],
      exports: [HookDispatcher, WebhookSecrets],
    };
  }
}

function makeDispatcher(
  database: Database,
  secrets: WebhookSecrets,
  box: SecretBox,
  options: HooksOptions,
): HookDispatcher {
  const limits: HookLimits = { ...HOOK_LIMITS, ...options.limits };
  const { enabled, policy, userAgent, random = Math.random } = options;
  // A name inside is one that only the operator's own resolver may know.
  const names = new NameLookup({ timeoutMs: limits.connectMs, asksSystem: policy.opensAny });
  const client = new GuardedClient({
    policy,
    userAgent,
    // Places are counted by key: one key's tries must not use up the connections of a host that others call too.
    maxConnectionsPerOrigin: limits.maxInFlight,
    connectMs: limits.connectMs,
    lookup: names.lookup,
  });
  const sender = new HookSender(client, secrets, box, { deadlineMs: limits.deadlineMs, now: () => database.now() });
  return new HookDispatcher(database, sender, new ReceiverAddresses(names), { enabled, limits, random });
}

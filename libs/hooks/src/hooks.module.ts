import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { Database, SecretBox } from '#libs/database';
import { GuardedClient, NameLookup } from '#libs/net';
import { JobScheduler } from '#libs/runtime';
import { HookDispatcher } from './dispatch/hook-dispatcher.js';
import { HookPoller } from './dispatch/hook-poller.js';
import { HookSender } from './send/hook-sender.js';
import { ReceiverAddresses } from './receivers/receiver-addresses.js';
import { ReceiverSweeper } from './receivers/receiver-sweeper.js';
import { HookUrls } from './send/hook-url.js';
import { HOOK_LIMITS, type HookLimits, type HooksOptions } from './hooks-options.js';
import { WebhookSecrets } from './send/webhook-secrets.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<HooksOptions>({
  moduleName: 'Hooks',
})
  .setClassMethodName('forRoot')
  .build();

/** Delivers changes of tasks to the receivers that clients named. `imports`: DatabaseModule. */
@Module({
  providers: [
    {
      provide: HookUrls,
      inject: [SecretBox, MODULE_OPTIONS_TOKEN],
      useFactory: (box: SecretBox, { policy }: HooksOptions) => new HookUrls(policy, box),
    },
    {
      provide: WebhookSecrets,
      inject: [Database, SecretBox],
      useFactory: (database: Database, box: SecretBox) => new WebhookSecrets(database, box),
    },
    {
      provide: HookDispatcher,
      inject: [Database, WebhookSecrets, SecretBox, MODULE_OPTIONS_TOKEN],
      useFactory: makeDispatcher,
    },
    {
      provide: HookPoller,
      inject: [JobScheduler, HookDispatcher, MODULE_OPTIONS_TOKEN],
      useFactory: (scheduler: JobScheduler, dispatcher: HookDispatcher, { enabled }: HooksOptions) =>
        new HookPoller(scheduler, dispatcher, enabled),
    },
    {
      provide: ReceiverSweeper,
      inject: [JobScheduler, Database, MODULE_OPTIONS_TOKEN],
      useFactory: (scheduler: JobScheduler, database: Database, { enabled }: HooksOptions) =>
        new ReceiverSweeper(scheduler, database, enabled),
    },
  ],
  exports: [HookDispatcher, HookUrls, WebhookSecrets],
})
export class HooksModule extends ConfigurableModuleClass {}

function makeDispatcher(
  database: Database,
  secrets: WebhookSecrets,
  box: SecretBox,
  options: HooksOptions,
): HookDispatcher {
  const limits: HookLimits = { ...HOOK_LIMITS, ...options.limits };
  const { enabled, policy, userAgent, keepsConnections, random = Math.random } = options;
  // Where the operator opened private ranges, a name may be one that only the operator's own resolver knows.
  const names = new NameLookup({ timeoutMs: limits.connectMs, asksSystem: policy.opensAny });
  const client = new GuardedClient({
    policy,
    userAgent,
    // Tries are limited by key: the tries of one key must not use up the connections of a host that other keys call too.
    maxConnectionsPerOrigin: limits.maxInFlight,
    connectMs: limits.connectMs,
    lookup: names.lookup,
    keepsConnections,
  });
  const sender = new HookSender(client, secrets, box, { deadlineMs: limits.deadlineMs, now: () => database.now() });
  return new HookDispatcher(database, sender, new ReceiverAddresses(names), { enabled, limits, random });
}

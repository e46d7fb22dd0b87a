import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { Database, Pulse, SecretBox } from '#libs/database';
import { GuardedClient } from '#libs/net';
import { HookDispatcher } from './hook-dispatcher.js';
import { HookPoller } from './hook-poller.js';
import { HookSender } from './hook-sender.js';
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
          inject: [Database, WebhookSecrets, HOOKS_OPTIONS],
          useFactory: makeDispatcher,
        },
        {
          provide: HookPoller,
          inject: [Pulse, HookDispatcher, HOOKS_OPTIONS],
          useFactory: (pulse: Pulse, dispatcher: HookDispatcher, { enabled }: HooksOptions) =>
            new HookPoller(pulse, dispatcher, enabled),
        },
      ],
      exports: [HookDispatcher, WebhookSecrets],
    };
  }
}

function makeDispatcher(database: Database, secrets: WebhookSecrets, options: HooksOptions): HookDispatcher {
  const limits: HookLimits = { ...HOOK_LIMITS, ...options.limits };
  const { enabled, policy, userAgent, random = Math.random } = options;
  const client = new GuardedClient({
    policy,
    userAgent,
    maxConnectionsPerOrigin: limits.maxPerHost,
    connectMs: limits.connectMs,
  });
  const sender = new HookSender(client, secrets, { deadlineMs: limits.deadlineMs, now: () => database.now() });
  return new HookDispatcher(database, sender, { enabled, limits, random });
}

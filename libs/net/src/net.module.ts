import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { EgressPolicy } from './policy/egress-policy.js';

export interface NetModuleOptions {
  /** Ranges and addresses that are allowed although they are not public. */
  allow: ConstructorParameters<typeof EgressPolicy>[0];
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<NetModuleOptions>({
  moduleName: 'Net',
})
  .setClassMethodName('forRoot')
  .build();

/** Provides the egress policy: the addresses that the gateway may call on behalf of clients and upstreams. */
@Module({
  providers: [
    {
      provide: EgressPolicy,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ allow }: NetModuleOptions) => new EgressPolicy(allow),
    },
  ],
  exports: [EgressPolicy],
})
export class NetModule extends ConfigurableModuleClass {}

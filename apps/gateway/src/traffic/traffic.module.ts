import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Connections } from './connections.js';
import { Shares } from './shares.js';

/** Who comes in, how much each may hold, and that all of it comes back. */
@Global()
@Module({})
export class TrafficModule {
  /** @param connections of the server, which is there before any module */
  static forRoot(connections: Connections): DynamicModule {
    const shares = new Shares();
    shares.add({ name: 'connections', limit: null, used: () => connections.size });
    shares.add({ name: 'requests_waiting', limit: Connections.mostWaiting, used: () => connections.waiting });
    return {
      module: TrafficModule,
      providers: [
        { provide: Connections, useValue: connections },
        { provide: Shares, useValue: shares },
      ],
      exports: [Connections, Shares],
    };
  }
}

import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Admission } from './admission.js';
import { Connections } from './connections.js';
import { ReadPermits } from './read-permits.js';
import { Shares } from './resource-gauges.js';
import type { Traffic } from './traffic.js';
import { UploadMemory } from './upload-budget.js';

/** Gives the parts of {@link Traffic} to whoever asks for them. */
@Global()
@Module({})
export class TrafficModule {
  static forRoot({ connections, shares, admission, uploads }: Traffic): DynamicModule {
    return {
      module: TrafficModule,
      providers: [
        { provide: Connections, useValue: connections },
        { provide: Shares, useValue: shares },
        { provide: Admission, useValue: admission },
        { provide: UploadMemory, useValue: uploads },
        { provide: ReadPermits, useFactory: () => new ReadPermits() },
      ],
      exports: [Connections, Shares, Admission, UploadMemory, ReadPermits],
    };
  }
}

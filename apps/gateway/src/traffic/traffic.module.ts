import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Admission } from './admission.js';
import { Connections } from './connections.js';
import { ReadPermits } from './read-permits.js';
import { ResourceGauges } from './resource-gauges.js';
import type { Traffic } from './traffic.js';
import { UploadBudget } from './upload-budget.js';

/** Gives the parts of {@link Traffic} to whoever asks for them. */
@Global()
@Module({})
export class TrafficModule {
  static forRoot({ connections, gauges, admission, uploads }: Traffic): DynamicModule {
    return {
      module: TrafficModule,
      providers: [
        { provide: Connections, useValue: connections },
        { provide: ResourceGauges, useValue: gauges },
        { provide: Admission, useValue: admission },
        { provide: UploadBudget, useValue: uploads },
        { provide: ReadPermits, useFactory: () => new ReadPermits() },
      ],
      exports: [Connections, ResourceGauges, Admission, UploadBudget, ReadPermits],
    };
  }
}

import { Injectable, OnModuleDestroy } from '@nestjs/common';

/** Whether this replica drains for shutdown: it reports itself not ready, and takes no new long work. */
@Injectable()
export class DrainState implements OnModuleDestroy {
  private draining = false;

  get isDraining(): boolean {
    return this.draining;
  }

  onModuleDestroy(): void {
    this.draining = true;
  }
}

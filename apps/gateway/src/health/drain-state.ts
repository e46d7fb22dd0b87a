import { Injectable, OnModuleDestroy } from '@nestjs/common';

/** Whether this replica is on its way out: it is not ready from then on, and takes no new long work. */
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

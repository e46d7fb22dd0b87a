import { Injectable } from '@nestjs/common';
import { listPrices, replacePrices } from '#libs/access';
import { Database } from '#libs/database';
import { AdminAudit } from '../admin-audit.js';
import type { AdminCall } from '../admin-call.js';
import type { PriceDto } from './price.dto.js';
import { refuseDuplicates } from './refuse-duplicates.js';

/** The price list as a whole. Submits on every replica go by a new one within 5 s. */
@Injectable()
export class PriceService {
  constructor(
    private readonly database: Database,
    private readonly audit: AdminAudit,
  ) {}

  async list(): Promise<PriceDto[]> {
    const prices = await listPrices(this.database);
    return prices.map(({ action, mode, price }) => ({ action, mode, price }) as PriceDto);
  }

  /** @throws Problem when two lines are for the same action and mode */
  async replace(prices: readonly PriceDto[], call: AdminCall): Promise<PriceDto[]> {
    refuseDuplicates(prices.map(({ action, mode }) => `${action} in ${mode}`));
    await this.audit.within(call, { target: 'prices', detail: { prices } }, (runner) => replacePrices(runner, prices));
    return this.list();
  }
}

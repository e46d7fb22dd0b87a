import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { listPrices, replacePrices, type PriceRow } from '#libs/access';
import { Database } from '#libs/database';
import { Problem } from '../../http/errors/problem.js';
import { namesEtag } from '../../http/headers/entity-tag.js';
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

  /**
   * @param ifMatch ETags of lists, one of which must be the list that is replaced; undefined: any
   * @throws Problem when two lines are for the same action and mode, 412 when somebody else has changed the list
   */
  async replace(prices: readonly PriceDto[], ifMatch: string | undefined, call: AdminCall): Promise<PriceDto[]> {
    refuseDuplicates(prices.map(({ action, mode }) => `${action} in ${mode}`));
    await this.audit.within(call, { target: 'prices', detail: { prices } }, (runner) =>
      replacePrices(runner, prices, (old) => {
        if (ifMatch !== undefined && !namesEtag(ifMatch, priceEtag(old))) throw changedMeanwhile();
      }),
    );
    return this.list();
  }
}

/** Names a price list: another one for every change. */
export function priceEtag(prices: readonly PriceRow[]): string {
  const lines = prices.map(({ action, mode, price }) => `${action} ${mode} ${price}`).sort();
  return `"${createHash('sha256').update(lines.join('\n')).digest('base64url').slice(0, 22)}"`;
}

function changedMeanwhile(): Problem {
  return new Problem('precondition_failed', 'Somebody else has changed the price list; read it again and change that');
}

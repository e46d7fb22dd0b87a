import { Inject, Injectable } from '@nestjs/common';
import { KeyStandings, PriceList, type ApiKey } from '#libs/access';
import { TASK_ACTIONS, TASK_MODES } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import type { AccountDto } from './account.dto.js';

/** What the owner of a key may know of it, with the settings of the gateway in the place of those it does not have. */
@Injectable()
export class AccountService {
  constructor(
    private readonly standings: KeyStandings,
    private readonly prices: PriceList,
    @Inject(ENVIRONMENT)
    private readonly environment: Pick<Environment, 'DEFAULT_MODE' | 'PROMPT_EXPANSION' | 'QUEUE_LIMIT'>,
  ) {}

  /** @throws DatabaseUnavailableError */
  async of(key: ApiKey): Promise<AccountDto> {
    const { modes, actions } = key;
    const { credits, running, maxConcurrent, queueLimit, requestsPerMinute } = await this.standings.of(key.id);
    const prices = await this.prices.pricesOf(
      TASK_ACTIONS.filter((action) => actions?.includes(action) !== false),
      TASK_MODES.filter((mode) => modes?.includes(mode) !== false),
    );
    return {
      keyId: key.id,
      name: key.name,
      credits: credits === null ? null : Number(credits),
      running,
      maxConcurrent,
      queueLimit: queueLimit ?? this.environment.QUEUE_LIMIT,
      requestsPerMinute,
      modes,
      actions,
      defaultMode: key.defaultMode ?? this.environment.DEFAULT_MODE,
      promptExpansion: key.promptExpansion ?? this.environment.PROMPT_EXPANSION,
      prices: prices.map(({ price, ...work }) => ({ ...work, price: Number(price) })),
    };
  }
}

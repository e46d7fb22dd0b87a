export { AccessModule, type AccessModuleOptions } from './access.module.js';
export { Account, LedgerEntry, Price } from './credits/account.entity.js';
export { AddressRanges, plainAddress } from './keys/address-ranges.js';
export { ApiKey } from './keys/api-key.entity.js';
export { newApiKey } from './keys/api-key-secret.js';
export {
  bookHolds,
  bookRefunds,
  booksOf,
  chargeAccounts,
  creditAccounts,
  lockAccounts,
  THIS_MONTH,
  DAY_START,
  TODAY,
} from './credits/credit-move.js';
export { AuditEntry } from './audit/audit-entry.entity.js';
export { recordAudit, type AuditNote } from './audit/audit-log.js';
export { BannedWord } from './words/banned-word.entity.js';
export { BannedWords } from './words/banned-words.js';
export { listBannedWords, replaceBannedWords } from './words/banned-word-table.js';
export {
  BalanceRangeError,
  ApiKeyAdmin,
  type CreditMove,
  type KeyPage,
  type MovedCredits,
} from './keys/api-key-admin.js';
export { KEY_STATUSES, type KeyStatus, type TaskUsage } from './keys/api-key-statements.js';
export { DEFAULT_TERMS, type KeyRecord, type KeyTerms } from './keys/key-terms.js';
export { ApiKeyCache, type KnownKey } from './keys/api-key-cache.js';
export { KeyStandings, type KeyStanding } from './keys/key-standing.js';
export { KeyUsage } from './keys/key-usage.js';
export { listPrices, replacePrices } from './credits/price-table.js';
export { listSlaTargets, replaceSlaTargets, type SlaRow } from './sla/sla-table.js';
export { sumOfCredits } from './credits/credits.js';
export { PriceList, type PriceRow, type WorkPrice } from './credits/price-list.js';
export { ReadMeter, type ReadsLeft } from './limits/read-meter.js';
export { ReadCount } from './limits/read-count.entity.js';
export { SubmitMinutes } from './limits/submit-minutes.js';
export { SlaTarget } from './sla/sla-target.entity.js';
export { SET_BACK_ACCOUNTS } from './limits/set-back.js';

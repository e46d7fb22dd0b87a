export { AccessModule, type AccessModuleOptions } from './access.module.js';
export { Account, LedgerEntry, Price } from './account.entity.js';
export { AddressRanges, plainAddress } from './address-ranges.js';
export { ApiKey } from './api-key.entity.js';
export { newApiKey } from './api-key-secret.js';
export {
  bookHolds,
  bookRefunds,
  booksOf,
  chargeAccounts,
  creditAccounts,
  lockAccounts,
  THIS_MONTH,
  TODAY,
} from './credit-move.js';
export { AuditEntry } from './audit-entry.entity.js';
export { recordAudit, type AuditNote } from './audit-log.js';
export { BannedWord } from './banned-word.entity.js';
export { BannedWords } from './banned-words.js';
export { listBannedWords, replaceBannedWords } from './banned-word-table.js';
export { BalanceRangeError, KeyDirectory, type CreditMove, type KeyPage, type MovedCredits } from './key-directory.js';
export type { TaskTallies } from './key-statements.js';
export { DEFAULT_TERMS, type KeyRecord, type KeyTerms } from './key-terms.js';
export { KeyStore, type KnownKey } from './key-store.js';
export { KeyUsage } from './key-usage.js';
export { listPrices, replacePrices } from './price-table.js';
export { listSlaTargets, replaceSlaTargets, type SlaRow } from './sla-table.js';
export { sumOfCredits } from './credits.js';
export { PriceList, type PriceRow } from './price-list.js';
export { ReadMeter, type ReadsLeft } from './read-meter.js';
export { ReadCount } from './read-count.entity.js';
export { SubmitMinutes } from './submit-minutes.js';
export { SlaTarget } from './sla-target.entity.js';
export { SET_BACK_ACCOUNTS } from './set-back.js';

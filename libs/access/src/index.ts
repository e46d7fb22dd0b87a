export { Account, LedgerEntry, Price } from './account.entity.js';
export { ApiKey } from './api-key.entity.js';
export { newApiKey } from './api-key-secret.js';
export { bookHolds, bookRefunds, chargeAccounts, creditAccounts, lockAccounts } from './credit-move.js';
export { KeyStore } from './key-store.js';
export { PriceList } from './price-list.js';

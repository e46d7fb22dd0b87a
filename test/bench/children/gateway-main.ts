import { offer } from './offer.js';

/** The gateway exactly as apps/gateway/src/main.ts starts it, in a process that can tell what it uses. */
offer({});
await import('../../../apps/gateway/src/main.js');

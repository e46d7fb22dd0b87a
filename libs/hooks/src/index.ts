export { enqueueDelivery } from './store/enqueue-delivery.js';
export { HookAttempt } from './store/hook-attempt.entity.js';
export { type DeliveryState, HookDelivery } from './store/hook-delivery.entity.js';
export { HookDispatcher, type HookTry } from './dispatch/hook-dispatcher.js';
export { HookHost } from './store/hook-host.entity.js';
export { HooksModule } from './hooks.module.js';
export { type InFlightUsage } from './dispatch/prefetch-window.js';
export { HookUrls, shownHook } from './send/hook-url.js';
export { HOOK_LIMITS, type HookLimits, type HooksOptions } from './hooks-options.js';
export {
  countReplay,
  MAX_REPLAY,
  replayDeliveries,
  resendDelivery,
  type ReplayFilter,
} from './store/resend-deliveries.js';
export { hostOf } from './receivers/receiver-host.js';
export { WebhookSecret } from './store/webhook-secret.entity.js';
export { WebhookSecrets } from './send/webhook-secrets.js';
export { SET_BACK_DELIVERIES, SET_BACK_RECEIVERS } from './store/set-back.js';

import type { UpstreamKind } from '#libs/upstream';
import type { Checks } from './check.js';
import { APIMART_CHECKS } from './apimart-checks.js';
import { PROXY_CHECKS } from './proxy-checks.js';
import { LEGNEXT_CHECKS, YOUCHUAN_CHECKS } from './tob-checks.js';

/** The checks of each kind. Those whose assumption takes a person to judge have none. */
export const CHECKS: Readonly<Record<UpstreamKind, Checks>> = {
  'midjourney-proxy': PROXY_CHECKS,
  apimart: APIMART_CHECKS,
  youchuan: YOUCHUAN_CHECKS,
  legnext: LEGNEXT_CHECKS,
};

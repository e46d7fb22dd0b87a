import { definitionOf } from '../src/kinds.js';
import type { SubmitContext } from '../src/port/command.js';
import type { UpstreamTarget } from '../src/port/upstream-adapter.js';

/** An upstream that takes everything and has no secret; deadlines longer than any test that does not set its own. */
export function target(overrides: Partial<UpstreamTarget> = {}): UpstreamTarget {
  const { kind = 'midjourney-proxy' } = overrides;
  return {
    id: '1',
    name: 'default',
    kind,
    capabilities: definitionOf(kind).capabilities,
    baseUrl: 'http://127.0.0.1:1',
    secret: null,
    userAgent: null,
    proxy: null,
    modes: null,
    actions: null,
    defaultVersion: null,
    modelVersions: null,
    followUps: 'sticky',
    acceptsNotifyHook: false,
    acceptsAccountFilter: false,
    submitTimeoutMs: 20_000,
    pollTimeoutMs: 20_000,
    fullTexts: [],
    ...overrides,
  };
}

export const SUBMIT_CONTEXT: SubmitContext = { state: 'jm:6240000000000001', pushUrl: null };

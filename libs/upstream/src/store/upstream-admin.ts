import { rowReader, violatedConstraint, type Database, type SecretBox } from '#libs/database';
import { parseProxyUrl } from '#libs/net';
import { baseUrlOf, FULL_TEXTS } from './base-url.js';
import {
  CHANGE_UPSTREAM,
  CREATE_UPSTREAM,
  FIND_UPSTREAM,
  LIST_UPSTREAMS,
  RETIRE_UPSTREAM,
  DISABLE_UPSTREAM,
} from './upstream-statements.js';
import { UpstreamCallError } from '../port/outcome.js';
import { openSecrets, targetOf, type UsualDeadlines } from './call-target.js';
import type { UpstreamAdapter, UpstreamTarget } from '../port/upstream-adapter.js';
import { circuitOf, type UpstreamInput, type UpstreamPatch, type UpstreamState } from './upstream-state.js';
import { Upstream } from './upstream.entity.js';

export type CreatedUpstream =
  /** `redirectsTo`: the target of the redirect that its probe was answered with; null: none, or no answer within 3 s. */
  | { kind: 'created'; upstream: UpstreamState; redirectsTo: string | null }
  /** A live upstream has the name. */
  | { kind: 'name_taken' }
  /** The address is no http(s) address, or has a password. */
  | { kind: 'address_invalid' }
  | { kind: 'proxy_invalid' };

export type ChangedUpstream =
  | { kind: 'changed'; upstream: UpstreamState }
  /** No live upstream has the id. */
  | { kind: 'unknown' }
  | { kind: 'name_taken' }
  /** The address differs from the stored one. Another address is another server, which needs a row of its own. */
  | { kind: 'address_fixed' }
  | { kind: 'proxy_invalid' };

/** The result of a probe. `error`: the class of the failure, or `secret` where the stored secret cannot be opened. */
export interface UpstreamTest {
  ok: boolean;
  latencyMs: number;
  error?: string;
  /** The target of the redirect that the probe was answered with. */
  redirectsTo?: string;
}

export interface UpstreamAdminOptions extends UsualDeadlines {
  /** Name of the stand-in, which gets no work once another upstream is enabled. Null: there is none. */
  standIn: string | null;
}

/** Longest wait for the first probe of a new upstream, for which its operator waits, ms. */
const FIRST_LOOK_MS = 3_000;

type LoadedRow = Upstream & { running: number; maxConcurrent: number };

const readUpstream = rowReader(Upstream);

function readLoaded(row: object): LoadedRow {
  const { running, max_concurrent: maxConcurrent } = row as { running: number; max_concurrent: number };
  return Object.assign(readUpstream(row), { running, maxConcurrent });
}

/**
 * Administration of upstreams. A change holds on every replica once its UpstreamCache is refreshed (2 s). Secrets are sealed
 * before they are stored and never shown.
 */
export class UpstreamAdmin {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly adapter: UpstreamAdapter,
    private readonly options: UpstreamAdminOptions,
  ) {}

  /** All upstreams, retired ones too, oldest first. @throws DatabaseUnavailableError */
  async list(): Promise<UpstreamState[]> {
    return (await this.database.run(LIST_UPSTREAMS)).map((row) => this.toState(readLoaded(row)));
  }

  /** One upstream; null for an unknown id. @throws DatabaseUnavailableError */
  async find(id: string): Promise<UpstreamState | null> {
    const row = await this.row(id);
    return row === null ? null : this.toState(row);
  }

  /** Stores a new upstream and probes it. @throws DatabaseUnavailableError */
  async create(input: UpstreamInput): Promise<CreatedUpstream> {
    const baseUrl = baseUrlOf(input.baseUrl);
    if (baseUrl === null) return { kind: 'address_invalid' };
    if (!isProxy(input.proxyUrl)) return { kind: 'proxy_invalid' };
    const { name, kind = 'midjourney-proxy', weight = 1, priority = 0, maxConcurrent = 12, enabled = true } = input;
    const row = await this.unlessNameTaken(
      this.database.run(CREATE_UPSTREAM, {
        name,
        kind,
        baseUrl,
        secret: this.seal(input.secret ?? null),
        weight,
        priority,
        modes: input.modes ?? null,
        actions: input.actions ?? null,
        enabled,
        acceptsNotifyHook: input.acceptsNotifyHook ?? false,
        acceptsAccountFilter: input.acceptsAccountFilter ?? false,
        submitTimeoutMs: input.timeouts?.submitMs ?? null,
        pollTimeoutMs: input.timeouts?.pollMs ?? null,
        fullTexts: input.fullTexts ?? FULL_TEXTS,
        maxConcurrent,
        proxyUrl: this.seal(input.proxyUrl ?? null),
        userAgent: input.userAgent ?? null,
      }),
    );
    if (row === 'name_taken') return { kind: 'name_taken' };
    if (row === null) throw new Error('an upstream was not made');
    await this.disableStandIn(row);
    const { redirectsTo = null } = await this.probe(row, FIRST_LOOK_MS);
    return { kind: 'created', upstream: this.toState(row), redirectsTo };
  }

  /** Changes the settings that `patch` names. @throws DatabaseUnavailableError */
  async change(id: string, patch: UpstreamPatch): Promise<ChangedUpstream> {
    if (!isId(id)) return { kind: 'unknown' };
    const { baseUrl, secret, proxyUrl, timeouts = {}, maxConcurrent, ...rest } = patch;
    if (!isProxy(proxyUrl)) return { kind: 'proxy_invalid' };
    if (baseUrl !== undefined) {
      const now = await this.row(id);
      if (now === null || now.retiredAt !== null) return { kind: 'unknown' };
      if (baseUrlOf(baseUrl) !== now.baseUrl) return { kind: 'address_fixed' };
    }
    const columns = withoutUndefined({
      name: rest.name,
      weight: rest.weight,
      priority: rest.priority,
      modes: rest.modes,
      actions: rest.actions,
      enabled: rest.enabled,
      accepts_notify_hook: rest.acceptsNotifyHook,
      accepts_account_filter: rest.acceptsAccountFilter,
      submit_timeout_ms: timeouts.submitMs,
      poll_timeout_ms: timeouts.pollMs,
      full_texts: rest.fullTexts,
      user_agent: rest.userAgent,
      secret: secret === undefined ? undefined : toHex(this.seal(secret)),
      proxy_url: proxyUrl === undefined ? undefined : toHex(this.seal(proxyUrl)),
    });
    const row = await this.unlessNameTaken(
      this.database.run(CHANGE_UPSTREAM, {
        upstreamId: id,
        columns: JSON.stringify(columns),
        maxConcurrent: maxConcurrent ?? null,
      }),
    );
    if (row === 'name_taken') return { kind: 'name_taken' };
    if (row === null) return { kind: 'unknown' };
    if (rest.enabled === true) await this.disableStandIn(row);
    return { kind: 'changed', upstream: this.toState(row) };
  }

  /**
   * Retires an upstream: it gets no more work, and its tasks are followed to their end. False: unknown id.
   * @throws DatabaseUnavailableError
   */
  async retire(id: string): Promise<boolean> {
    return isId(id) && (await this.database.run(RETIRE_UPSTREAM, { upstreamId: id })).length > 0;
  }

  /** Probes an upstream, even while its circuit is open. Null for an unknown id. @throws DatabaseUnavailableError */
  async test(id: string): Promise<UpstreamTest | null> {
    const row = await this.row(id);
    return row === null ? null : this.probe(row);
  }

  /** @param longestMs deadline of the probe, where it is shorter than the upstream's own */
  private async probe(row: Upstream, longestMs = Infinity): Promise<UpstreamTest> {
    let target: UpstreamTarget;
    try {
      target = targetOf(row, openSecrets(row, this.secrets), this.options);
    } catch {
      return { ok: false, latencyMs: 0, error: 'secret' };
    }
    const began = performance.now();
    const took = (): number => Math.round(performance.now() - began);
    try {
      await this.adapter.probe({ ...target, pollTimeoutMs: Math.min(longestMs, target.pollTimeoutMs) });
      return { ok: true, latencyMs: took() };
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      const { fault, redirectsTo } = error;
      return { ok: false, latencyMs: took(), error: fault, ...(redirectsTo === null ? {} : { redirectsTo }) };
    }
  }

  private async row(id: string): Promise<LoadedRow | null> {
    const [row] = isId(id) ? await this.database.run(FIND_UPSTREAM, { upstreamId: id }) : [];
    return row === undefined ? null : readLoaded(row);
  }

  private async unlessNameTaken(rows: Promise<object[]>): Promise<LoadedRow | 'name_taken' | null> {
    try {
      const [row] = await rows;
      return row === undefined ? null : readLoaded(row);
    } catch (error) {
      if (violatedConstraint(error) === 'upstream_name') return 'name_taken';
      throw error;
    }
  }

  private async disableStandIn({ name, enabled }: Upstream): Promise<void> {
    const { standIn } = this.options;
    if (enabled && standIn !== null && name !== standIn) await this.database.run(DISABLE_UPSTREAM, { name: standIn });
  }

  private seal(secret: string | null): Buffer | null {
    return secret === null || secret === '' ? null : this.secrets.seal(secret);
  }

  private toState(row: LoadedRow): UpstreamState {
    const { secret, proxyUrl, misconfigured, submitTimeoutMs, pollTimeoutMs, ...shown } = row;
    return {
      ...shown,
      hasSecret: secret !== null,
      hasProxy: proxyUrl !== null,
      misconfigured: misconfigured !== null,
      timeouts: { submitMs: submitTimeoutMs, pollMs: pollTimeoutMs },
      circuit: circuitOf(row, this.database.now()),
    };
  }
}

function isProxy(url: string | null | undefined): boolean {
  return url === undefined || url === null || url === '' || parseProxyUrl(url) !== null;
}

function withoutUndefined(columns: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** Bytes in the notation that Postgres reads as bytea out of JSON. */
function toHex(bytes: Buffer | null): string | null {
  return bytes === null ? null : `\\x${bytes.toString('hex')}`;
}

/** Whether a text can be the id of a row, which is a bigint. */
function isId(id: string): boolean {
  return /^\d{1,18}$/.test(id);
}

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
  /** `redirectsTo`: where it leads instead of answering; null: nowhere, or it did not answer within 3 s. */
  | { kind: 'created'; upstream: UpstreamState; redirectsTo: string | null }
  /** A live upstream has that name. */
  | { kind: 'name_taken' }
  /** No http(s) address, or one that carries a password. */
  | { kind: 'address_invalid' }
  | { kind: 'proxy_invalid' };

export type ChangedUpstream =
  | { kind: 'changed'; upstream: UpstreamState }
  /** There is none of that id, or it is retired. */
  | { kind: 'unknown' }
  | { kind: 'name_taken' }
  /** Another address is another server: retire this one and add that. */
  | { kind: 'address_fixed' }
  | { kind: 'proxy_invalid' };

/** What came of a harmless read. `error`: the class of the failure, or `secret` where ours cannot be opened. */
export interface UpstreamTest {
  ok: boolean;
  latencyMs: number;
  error?: string;
  /** Where it leads instead of answering. */
  redirectsTo?: string;
}

export interface UpstreamAdminOptions extends UsualDeadlines {
  /** Name of the upstream that only stands in: it gets no work once another is switched on. Null: there is none. */
  standIn: string | null;
}

/** How long a new upstream is waited for before its operator is answered, ms. */
const FIRST_LOOK_MS = 3_000;

type LoadedRow = Upstream & { running: number; maxConcurrent: number };

const readUpstream = rowReader(Upstream);

function readLoaded(row: object): LoadedRow {
  const { running, max_concurrent: maxConcurrent } = row as { running: number; max_concurrent: number };
  return Object.assign(readUpstream(row), { running, maxConcurrent });
}

/**
 * The upstreams as operators see and change them. Every replica works by a change within the refresh of its pool (2 s).
 * Secrets are sealed on the way in and never come out again.
 */
export class UpstreamAdmin {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly adapter: UpstreamAdapter,
    private readonly options: UpstreamAdminOptions,
  ) {}

  /** All of them, retired ones too, oldest first. @throws DatabaseUnavailableError */
  async list(): Promise<UpstreamState[]> {
    return (await this.database.run(LIST_UPSTREAMS)).map((row) => this.toState(readLoaded(row)));
  }

  /** Null: there is none of that id. @throws DatabaseUnavailableError */
  async find(id: string): Promise<UpstreamState | null> {
    const row = await this.row(id);
    return row === null ? null : this.toState(row);
  }

  /** @throws DatabaseUnavailableError */
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

  /** @throws DatabaseUnavailableError */
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

  /** Gives it no work from now on; its tasks are followed to their end. False: there is none of that id. @throws DatabaseUnavailableError */
  async retire(id: string): Promise<boolean> {
    return isId(id) && (await this.database.run(RETIRE_UPSTREAM, { upstreamId: id })).length > 0;
  }

  /** Asks it something harmless, whatever its circuit says. Null: there is none of that id. @throws DatabaseUnavailableError */
  async test(id: string): Promise<UpstreamTest | null> {
    const row = await this.row(id);
    return row === null ? null : this.probe(row);
  }

  /** @param longestMs of the call, if that is less than its own deadline */
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

/** Bytes as Postgres reads them out of JSON. */
function toHex(bytes: Buffer | null): string | null {
  return bytes === null ? null : `\\x${bytes.toString('hex')}`;
}

/** Of bigint; anything else names no row. */
function isId(id: string): boolean {
  return /^\d{1,18}$/.test(id);
}

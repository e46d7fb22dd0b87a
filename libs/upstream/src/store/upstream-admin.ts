import { violatedConstraint, type Database, type SecretBox } from '#libs/database';
import { parseProxyUrl } from '#libs/net';
import { definitionOf, USUAL_KIND, type UpstreamKind } from '../kinds.js';
import type { KindDefinition } from '../port/upstream-kind.js';
import type { UpstreamAdapter } from '../port/upstream-adapter.js';
import { baseUrlOf } from './base-url.js';
import { FULL_TEXTS } from './full-texts.js';
import { unfitTerm, type TermsOfKind, type UnfitTerm } from './kind-terms.js';
import { readLoaded, stateOf, type LoadedRow } from './loaded-row.js';
import {
  CHANGE_UPSTREAM,
  CREATE_UPSTREAM,
  FIND_UPSTREAM,
  LIST_UPSTREAMS,
  RETIRE_UPSTREAM,
  DISABLE_UPSTREAM,
} from './upstream-statements.js';
import type { UpstreamInput, UpstreamPatch, UpstreamState } from './upstream-state.js';
import { UpstreamTester, type UpstreamTest, type UpstreamTesterOptions } from './upstream-tester.js';
import { Upstream } from './upstream.entity.js';

/** Why a new upstream cannot be as it was given. */
export type UnfitInput =
  /** The address is no http(s) address, or has a password. */
  | { kind: 'address_invalid' }
  | { kind: 'proxy_invalid' }
  /** A setting does not fit the kind. */
  | { kind: 'unfit'; term: UnfitTerm };

interface FitInput {
  kind: 'fit';
  upstreamKind: UpstreamKind;
  definition: KindDefinition;
  baseUrl: string;
}

export type CreatedUpstream =
  /** `redirectsTo`: the target of the redirect that its probe was answered with; null: none, or no answer within 3 s. */
  | { kind: 'created'; upstream: UpstreamState; redirectsTo: string | null }
  /** A live upstream has the name. */
  | { kind: 'name_taken' }
  | UnfitInput;

export type TriedUpstream = { kind: 'tried'; test: UpstreamTest } | UnfitInput;

export type ChangedUpstream =
  | { kind: 'changed'; upstream: UpstreamState }
  /** No live upstream has the id. */
  | { kind: 'unknown' }
  | { kind: 'name_taken' }
  /** The address differs from the stored one. Another address is another server, which needs a row of its own. */
  | { kind: 'address_fixed' }
  | { kind: 'proxy_invalid' }
  | { kind: 'unfit'; term: UnfitTerm };

export interface UpstreamAdminOptions extends UpstreamTesterOptions {
  /** Name of the stand-in, which gets no work once another upstream is enabled. Null: there is none. */
  standIn: string | null;
}

/** Longest wait for the first probe of a new upstream, for which its operator waits, ms. */
const FIRST_LOOK_MS = 3_000;

/**
 * Administration of upstreams. A change holds on every replica once its UpstreamCache is refreshed (2 s). Secrets are sealed
 * before they are stored and never shown.
 */
export class UpstreamAdmin {
  private readonly tester: UpstreamTester;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    adapter: UpstreamAdapter,
    private readonly options: UpstreamAdminOptions,
  ) {
    this.tester = new UpstreamTester(adapter, secrets, options);
  }

  /** All upstreams, retired ones too, oldest first. @throws DatabaseUnavailableError */
  async list(): Promise<UpstreamState[]> {
    return (await this.database.run(LIST_UPSTREAMS)).map((row) => stateOf(readLoaded(row), this.database.now()));
  }

  /** One upstream; null for an unknown id. @throws DatabaseUnavailableError */
  async find(id: string): Promise<UpstreamState | null> {
    const row = await this.row(id);
    return row === null ? null : stateOf(row, this.database.now());
  }

  /** Stores a new upstream and probes it. @throws DatabaseUnavailableError */
  async create(input: UpstreamInput): Promise<CreatedUpstream> {
    const { name, weight = 1, priority = 0, maxConcurrent = 12, enabled = true } = input;
    const judged = judgeInput(input);
    if (judged.kind !== 'fit') return judged;
    const { upstreamKind: kind, definition, baseUrl } = judged;
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
        acceptsNotifyHook: input.acceptsNotifyHook ?? definition.acceptsNotifyHook,
        acceptsAccountFilter: input.acceptsAccountFilter ?? false,
        submitTimeoutMs: input.timeouts?.submitMs ?? null,
        pollTimeoutMs: input.timeouts?.pollMs ?? null,
        fullTexts: input.fullTexts ?? FULL_TEXTS,
        maxConcurrent,
        proxyUrl: this.seal(input.proxyUrl ?? null),
        userAgent: input.userAgent ?? null,
        defaultVersion: input.defaultVersion ?? null,
        modelVersions: input.modelVersions ?? null,
        followUps: input.followUps ?? 'sticky',
      }),
    );
    if (row === 'name_taken') return { kind: 'name_taken' };
    if (row === null) throw new Error('an upstream was not made');
    await this.disableStandIn(row);
    const { redirectsTo = null } = await this.tester.probe(row, FIRST_LOOK_MS);
    return { kind: 'created', upstream: stateOf(row, this.database.now()), redirectsTo };
  }

  /**
   * Probes an upstream that is not stored, under the rules of `create`, and stores nothing.
   * @param longestMs deadline, where it is shorter than its own
   */
  async tryOut(input: UpstreamInput, longestMs?: number): Promise<TriedUpstream> {
    const judged = judgeInput(input);
    if (judged.kind !== 'fit') return judged;
    const { secret = null, proxyUrl = null } = input;
    const row = Object.assign(new Upstream(), {
      ...{ id: '0', name: input.name, kind: judged.upstreamKind, baseUrl: judged.baseUrl },
      ...{ secret: this.seal(secret), proxyUrl: this.seal(proxyUrl), userAgent: input.userAgent ?? null },
      ...{ modes: input.modes ?? null, actions: input.actions ?? null, followUps: input.followUps ?? 'sticky' },
      ...{ defaultVersion: input.defaultVersion ?? null, modelVersions: input.modelVersions ?? null },
      acceptsNotifyHook: input.acceptsNotifyHook ?? judged.definition.acceptsNotifyHook,
      acceptsAccountFilter: input.acceptsAccountFilter ?? false,
      submitTimeoutMs: input.timeouts?.submitMs ?? null,
      pollTimeoutMs: input.timeouts?.pollMs ?? null,
      fullTexts: input.fullTexts ?? [...FULL_TEXTS],
      linksFetchedAt: null,
    });
    return { kind: 'tried', test: await this.tester.test(row, longestMs) };
  }

  /** Changes the settings that `patch` names. @throws DatabaseUnavailableError */
  async change(id: string, patch: UpstreamPatch): Promise<ChangedUpstream> {
    const { baseUrl, secret, proxyUrl, timeouts = {}, maxConcurrent, ...rest } = patch;
    const now = await this.row(id);
    if (now === null || now.retiredAt !== null) return { kind: 'unknown' };
    if (!isProxy(proxyUrl)) return { kind: 'proxy_invalid' };
    const definition = definitionOf(now.kind);
    if (baseUrl !== undefined && baseUrlOf(baseUrl, definition.pathEnd) !== now.baseUrl)
      return { kind: 'address_fixed' };
    const term = unfitTerm(now.kind, definition, changedTerms(now, patch));
    if (term !== null) return { kind: 'unfit', term };
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
      default_version: rest.defaultVersion,
      model_versions: rest.modelVersions,
      follow_ups: rest.followUps,
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
    return { kind: 'changed', upstream: stateOf(row, this.database.now()) };
  }

  /**
   * Retires an upstream: it gets no more work, and its tasks are followed to their end. False: unknown id.
   * @throws DatabaseUnavailableError
   */
  async retire(id: string): Promise<boolean> {
    return isId(id) && (await this.database.run(RETIRE_UPSTREAM, { upstreamId: id })).length > 0;
  }

  /**
   * Probes an upstream, even while its circuit is open, and judges whether it can reach links of this gateway. Null for an
   * unknown id.
   * @throws DatabaseUnavailableError
   */
  async test(id: string): Promise<UpstreamTest | null> {
    const row = await this.row(id);
    return row === null ? null : this.tester.test(row);
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
}

/** What is wrong with a new upstream by itself; `fit`: nothing. */
function judgeInput(input: UpstreamInput): UnfitInput | FitInput {
  const { kind = USUAL_KIND } = input;
  const definition = definitionOf(kind);
  const baseUrl = baseUrlOf(input.baseUrl, definition.pathEnd);
  if (baseUrl === null) return { kind: 'address_invalid' };
  if (!isProxy(input.proxyUrl)) return { kind: 'proxy_invalid' };
  const term = unfitTerm(kind, definition, { ...input, secret: input.secret ?? null });
  return term === null ? { kind: 'fit', upstreamKind: kind, definition, baseUrl } : { kind: 'unfit', term };
}

/** The settings that must fit the kind, as they are after a patch; those that it does not touch are not judged again. */
function changedTerms(
  now: Upstream,
  { secret, acceptsNotifyHook, defaultVersion, modelVersions }: UpstreamPatch,
): TermsOfKind {
  return {
    ...(secret === undefined ? {} : { secret }),
    ...(acceptsNotifyHook === undefined ? {} : { acceptsNotifyHook }),
    ...(defaultVersion === undefined && modelVersions === undefined
      ? {}
      : {
          defaultVersion: defaultVersion === undefined ? now.defaultVersion : defaultVersion,
          modelVersions: modelVersions === undefined ? now.modelVersions : modelVersions,
        }),
  };
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

import { statement, type Database, type SecretBox } from '#libs/database';
import { definitionOf, type UpstreamKind } from '../kinds.js';
import { baseUrlOf } from './base-url.js';
import { FULL_TEXTS } from './full-texts.js';
import { unfitTerm } from './kind-terms.js';

export interface EnvUpstream {
  /** Unique among the live upstreams. */
  name: string;
  kind: UpstreamKind;
  baseUrl: string;
  secret: string | null;
  maxConcurrent: number;
  /** Enables a row again that was disabled; without it the choice of an operator stays. */
  reenable: boolean;
}

// A changed address or kind is another server, which does not know the ids of the old one's tasks: the old row is retired and
// stays.
const RETIRE_CHANGED = statement<{ name: string; kind: string; baseUrl: string }, object>({
  name: 'upstream_retire_changed',
  pool: 'work',
  text: `update upstream set retired_at = now(), enabled = false
    where name = :name and (base_url <> :baseUrl or kind <> :kind) and retired_at is null`,
});

interface EnsuredUpstream {
  name: string;
  kind: string;
  acceptsNotifyHook: boolean;
  baseUrl: string;
  /** Sealed. */
  secret: Buffer | null;
  maxConcurrent: number;
  fullTexts: readonly string[];
  reenable: boolean;
}

const ENSURE = statement<EnsuredUpstream, object>({
  name: 'upstream_ensure',
  pool: 'work',
  text: `with kept as (
      insert into upstream (name, kind, base_url, secret, full_texts, accepts_notify_hook)
      values (:name, :kind, :baseUrl, :secret, :fullTexts, :acceptsNotifyHook)
      on conflict (name) where retired_at is null do update set secret = excluded.secret, enabled = upstream.enabled or :reenable::boolean
      returning id)
    insert into upstream_load (upstream_id, max_concurrent) select id, :maxConcurrent from kept
    on conflict (upstream_id) do update set max_concurrent = excluded.max_concurrent`,
});

const DISABLE_IF_OTHERS = statement<{ name: string }, object>({
  name: 'upstream_disable_if_others',
  pool: 'work',
  text: `update upstream u set enabled = false where u.name = :name and u.enabled
    and exists (select from upstream other where other.name <> :name and other.enabled)`,
});

const COUNT_OTHERS = statement<{ name: string }, { others: number }>({
  name: 'upstream_count_others',
  pool: 'work',
  text: 'select count(*)::int as others from upstream where name <> :name and enabled',
});

/** Bootstrap of the upstreams that the environment names: stores them as rows like any other. */
export class EnvUpstreams {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {}

  /**
   * Creates or updates the row of an upstream; a changed address makes a new row and retires the old one. Safe to run on
   * every boot.
   * @throws Error for an address that is no http(s) address, or a secret that does not fit the kind
   */
  async ensure(setting: EnvUpstream): Promise<void> {
    const { name, kind } = setting;
    const definition = definitionOf(kind);
    const baseUrl = baseUrlOf(setting.baseUrl, definition.pathEnd);
    if (baseUrl === null) throw new Error(`the address of upstream ${name} is no http or https address`);
    const unfit = unfitTerm(kind, definition, { secret: setting.secret });
    if (unfit !== null) throw new Error(`the ${unfit.field} of upstream ${name} ${unfit.needs}`);
    const secret = setting.secret === null ? null : this.secrets.seal(setting.secret);
    await this.database.run(RETIRE_CHANGED, { name, kind, baseUrl });
    await this.database.run(ENSURE, {
      name,
      kind,
      acceptsNotifyHook: definition.acceptsNotifyHook,
      baseUrl,
      secret,
      maxConcurrent: setting.maxConcurrent,
      fullTexts: FULL_TEXTS,
      reenable: setting.reenable,
    });
  }

  /** Disables an upstream when any other one is enabled: a stand-in must not get real work. */
  async disableIfOthers(name: string): Promise<void> {
    await this.database.run(DISABLE_IF_OTHERS, { name });
  }

  /** Whether any upstream but `name` is enabled. */
  async hasOthers(name: string): Promise<boolean> {
    const [row] = await this.database.run(COUNT_OTHERS, { name });
    return (row?.others ?? 0) > 0;
  }
}

import type { RuleKind } from '#libs/wire';
import type { UpstreamHttp } from '../http/upstream-http.js';
import type { Assumption } from './assumption.js';
import type { KindCapabilities, Unsupported } from './capabilities.js';
import type { SubmitCommand } from './command.js';
import type { UpstreamAdapter, UpstreamTarget } from './upstream-adapter.js';

/** The settings of an upstream on which it depends which work it can do. */
export type KindTerms = Pick<UpstreamTarget, 'defaultVersion' | 'modelVersions'>;

/**
 * A kind of upstream: all that the gateway has to know of a dialect. A new kind is a folder with one of these, and one
 * line in `kinds.ts`.
 */
export interface KindDefinition {
  /** What operators read about it. */
  title: string;
  capabilities: KindCapabilities;
  /**
   * The path that its routes begin with, as `v1/jobs`, in lower case and without slashes at its ends. Operators may give an
   * address with it, and it is taken off.
   */
  pathEnd: string;
  /** Its secret cannot be left out. */
  needsSecret: boolean;
  /** Whether our push address is sent with submits unless its operator says otherwise. */
  acceptsNotifyHook: boolean;
  /** Whose rules its prompts follow, and whose versions it has. */
  promptRules: RuleKind;
  /** Version that is named in prompts without one; null: prompts go as they are. */
  defaultVersion: string | null;
  /** What is taken for true of it; documents and `npm run try-upstream` are made of these. */
  assumptions: readonly Assumption[];
  /** Why it cannot do a command; null: it can. Pure, and judged before anything is charged. */
  unsupported: (this: void, terms: KindTerms, command: SubmitCommand) => Unsupported | null;
  /** The id of its task in the body of a push; null: there is none that is safe in a path. `body`: untrusted JSON. */
  pushedId: (this: void, body: unknown) => string | null;
  makeAdapter: (this: void, http: UpstreamHttp) => UpstreamAdapter;
}

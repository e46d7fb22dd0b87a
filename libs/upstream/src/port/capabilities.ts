import type { TaskAction, TaskMode } from '#libs/wire';

/**
 * What a kind of upstream is capable of. Code above the adapters decides by these alone, so that it knows no dialect.
 * null: it differs from server to server, and is learned from answers.
 */
export interface KindCapabilities {
  /** Where the correlation id of a submit can be read back: from a field of the task, from our push address, or nowhere. */
  correlation: 'state' | 'push_url' | 'none';
  /** Many tasks are read in one call. */
  readsBatches: boolean | null;
  /**
   * Most calls at a time that read one task each, and most tasks of one such batch: at most twice as many, because two rounds
   * of the longest poll fit into the lease of a claim.
   */
  singleReads: { atOnce: number; most: number };
  /** Its newest or active tasks are listed, which finds a submit whose answer was lost. */
  listsRecent: boolean | null;
  cancels: boolean;
  /** Pictures of a submit go inline, or only as links that the upstream fetches. */
  inputs: 'bytes' | 'links';
  /** A mask is passed on as the client gave it, or as an opaque picture in which white means repaint. */
  masks: 'as_given' | 'white_repaints';
  /** Pictures are uploaded to the upstream, or hosted by the gateway. */
  uploads: 'upstream' | 'gateway';
  /** A window before a follow-up is opened by the upstream, or exists in the gateway only. */
  windows: 'upstream' | 'gateway';
  /** Buttons come from the upstream, or are made by the adapter. */
  buttons: 'given' | 'made';
  /** Tasks show their progress in percent before they end. */
  progress: boolean;
  /** It calls our push address. null: where its operator says so. */
  pushes: boolean | null;
  /** Parts of a secret, separated by the first `|`. */
  secretParts: 1 | 2;
  /** Modes and actions that the kind has at all. */
  modes: readonly TaskMode[];
  actions: readonly TaskAction[];
}

/**
 * Why an upstream cannot do a command, as a class with the name of what is missing. `inputs` with `mask` or `prompt`: the client
 * of a window may still give it.
 */
export interface Unsupported {
  what: 'mode' | 'action' | 'version' | 'parameter' | 'length' | 'pictures' | 'links' | 'jobs' | 'inputs';
  name: string;
}

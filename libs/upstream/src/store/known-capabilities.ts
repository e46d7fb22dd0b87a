import type { TaskAction, TaskMode } from '#libs/wire';
import { definitionOf, type UpstreamKind } from '../kinds.js';

/** What an upstream is capable of, as its answers showed or its kind settles; null: not known yet. */
export interface Capabilities {
  /** It gives many tasks in one call. */
  readsBatches: boolean | null;
  /** It lists its newest tasks. */
  listsRecent: boolean | null;
  /** Its tasks show the correlation id that they were submitted with. */
  echoesState: boolean | null;
  /** It has called the gateway's push address. */
  pushes: boolean | null;
}

export const NOTHING_LEARNED: Capabilities = { readsBatches: null, listsRecent: null, echoesState: null, pushes: null };

/** What an upstream can do, as operators see it: what its kind settles, and what its answers have shown. null: not known yet. */
export interface ShownCapabilities extends Capabilities {
  /** The push address of a submit is read back from its task. */
  echoesPushUrl: boolean;
  cancels: boolean;
  /** Pictures are sent inline; false: it fetches them by links to this gateway. */
  takesInlinePictures: boolean;
  /** Pictures are uploaded to it; false: the gateway hosts them. */
  takesUploads: boolean;
  /** Windows before a follow-up are its own; false: they exist in the gateway only. */
  opensWindows: boolean;
  /** Buttons are its own; false: the gateway makes them. */
  givesButtons: boolean;
  /** Its tasks show percents before they end. */
  showsProgress: boolean;
  modes: readonly TaskMode[];
  actions: readonly TaskAction[];
}

/** The capabilities of an upstream: what its kind settles wins over what was learned. */
export function capabilitiesOf(kind: UpstreamKind, learned: Capabilities): Capabilities {
  const { correlation, readsBatches, listsRecent, pushes } = definitionOf(kind).capabilities;
  return {
    readsBatches: readsBatches ?? learned.readsBatches,
    listsRecent: listsRecent ?? learned.listsRecent,
    echoesState: correlation === 'none' ? false : learned.echoesState,
    pushes: pushes ?? learned.pushes,
  };
}

/** All capabilities of an upstream by name. */
export function shownCapabilities(kind: UpstreamKind, learned: Capabilities): ShownCapabilities {
  const { capabilities } = definitionOf(kind);
  return {
    ...capabilitiesOf(kind, learned),
    echoesPushUrl: capabilities.correlation === 'push_url',
    cancels: capabilities.cancels,
    takesInlinePictures: capabilities.inputs === 'bytes',
    takesUploads: capabilities.uploads === 'upstream',
    opensWindows: capabilities.windows === 'upstream',
    givesButtons: capabilities.buttons === 'given',
    showsProgress: capabilities.progress,
    modes: capabilities.modes,
    actions: capabilities.actions,
  };
}

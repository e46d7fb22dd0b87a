import type { Figures } from './figures.js';
import type { History } from './history.js';
import type { Violation } from './invariants.js';
import type { Stage, StageOptions } from './stage.js';

/** How large a run is. */
export interface Size {
  /** Requests of clients. */
  tasks: number;
  /** True: the short run, in which everything is cut to fit a few minutes. */
  isCut: boolean;
  random: () => number;
}

/** One kind of disaster. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Part of one of the two runs alone, unless it is named. */
  readonly only?: 'full' | 'cut';
  /** Requests of a full run and of the short one. */
  readonly tasks: { readonly full: number; readonly cut: number };
  readonly stage: (size: Size) => Omit<StageOptions, 'random'>;
  /** What this one promises besides what all do. */
  readonly promises?: (history: History) => Violation[];
  /** Does it to a stage whose gateways are up. Gives what it has measured, once everything has settled. */
  readonly drive: (stage: Stage, size: Size) => Promise<(history: History) => Figures>;
}

/** In the short run a scenario begins no new requests after so long, ms: slow machines do less, not longer. */
export const CUT_LOAD_MS = 20_000;

/** Sends the requests of a scenario; on a slow machine the short run sends fewer. */
export function sendAll(stage: Stage, { tasks, isCut }: Size): Promise<void> {
  return stage.clients.run(tasks, isCut ? Date.now() + CUT_LOAD_MS : Infinity);
}

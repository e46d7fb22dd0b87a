import type { Snapshot } from '#libs/upstream';
import type { ButtonView } from '#libs/wire';
import { aSnapshot as anUpstreamSnapshot } from '../../upstream/test/a-snapshot.js';

/** A snapshot of `up-1` in which only the status IN_PROGRESS is set; for a SUCCESS the picture's URL too. */
export function aSnapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  const imageUrl = overrides.status === 'SUCCESS' ? 'https://up.test/done.png' : null;
  return anUpstreamSnapshot({ upstreamTaskId: 'up-1', imageUrl, ...overrides });
}

export function aButton(customId: string, label = ''): ButtonView {
  return { customId, emoji: '', label, type: 2, style: 2 };
}

/** The buttons under a grid. */
export const GRID_BUTTONS: ButtonView[] = [
  ...[1, 2, 3, 4].map((n) => aButton(`MJ::JOB::upsample::${n}::0b8c1f2e`, `U${n}`)),
  aButton('MJ::JOB::reroll::0::0b8c1f2e::SOLO'),
];

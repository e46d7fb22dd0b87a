import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Snapshot } from '../../port/snapshot.js';
import { readTask } from './task-body.js';

/** How long the event loop is kept at a time, ms. A task takes a fraction of one, and a few where its links are megabytes. */
const TURN_MS = 10;

/** The tasks of a list that can be read, as readTask reads them, in as many turns of the event loop as they need. */
export async function readTasks(items: readonly unknown[], baseUrl: string): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = [];
  let turnAt = performance.now();
  for (const item of items) {
    const snapshot = readTask(item, baseUrl);
    if (snapshot !== null) snapshots.push(snapshot);
    if (performance.now() - turnAt < TURN_MS) continue;
    await nextTurn();
    turnAt = performance.now();
  }
  return snapshots;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Snapshot } from '../../port/snapshot.js';
import { readTask } from './task-body.js';

/** How long the event loop may be blocked at a time, ms. A task takes less than one, or a few where its links are megabytes. */
const TURN_MS = 10;

/** Reads the tasks of a list with readTask, in several turns of the event loop; leaves out those that cannot be read. */
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

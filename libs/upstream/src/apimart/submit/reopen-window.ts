import type { SubmitCommand } from '../../port/command.js';
import { UpstreamCallError, type Outcome } from '../../port/outcome.js';
import type { Snapshot } from '../../port/snapshot.js';
import { readWindowId } from '../window-id.js';

interface Calls {
  /** Sends a command once. */
  send: (command: SubmitCommand) => Promise<Outcome>;
  /** Reads a task of the vendor; null: it is not known. */
  read: (taskId: string) => Promise<Snapshot | null>;
}

/**
 * Confirms a window that the vendor had closed and therefore refused to confirm: opens it once more, which begins no work, and
 * confirms that one. Null: the window was open, or cannot be opened, so that the refusal stands.
 */
export async function reopenWindow(command: SubmitCommand, { send, read }: Calls): Promise<Outcome | null> {
  if (command.kind !== 'modal') return null;
  const { windowId, opener } = readWindowId(command.upstreamTaskId);
  if (opener === null || !(await isClosed(windowId, read))) return null;
  const { botType, mode, modeIsChosen, accountFilter } = command;
  const opened = await send({
    ...{ botType, mode, modeIsChosen, accountFilter },
    kind: 'action',
    upstreamTaskId: opener.taskId,
    customId: opener.customId,
    enableRemix: false,
    chooseSameChannel: true,
  });
  if (opened.kind !== 'window' || opened.upstreamTaskId === null) return null;
  return send({ ...command, upstreamTaskId: readWindowId(opened.upstreamTaskId).windowId });
}

async function isClosed(windowId: string, read: Calls['read']): Promise<boolean> {
  try {
    const window = await read(windowId);
    return window === null || window.status === 'CANCEL' || window.status === 'FAILURE';
  } catch (error) {
    if (error instanceof UpstreamCallError) return false;
    throw error;
  }
}

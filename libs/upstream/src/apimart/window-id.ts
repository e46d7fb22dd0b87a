/** A window of the vendor, and the press that opened it. */
export interface WindowId {
  windowId: string;
  /** Null: the id does not say it. */
  opener: { taskId: string; customId: string } | null;
}

const SPELLED = /^([^~]+)~w~([^~]+)~(.+)$/;

/**
 * The id of a window, `<window>~w~<task>~<customId>`: the vendor closes it after half an hour, and clients may confirm it much
 * later. The press that opened it can then be made once more.
 */
export function windowIdOf(windowId: string, { taskId, customId }: NonNullable<WindowId['opener']>): string {
  return `${windowId}~w~${taskId}~${customId}`;
}

/** Reads an id of a window or a task. Total: an id that spells nothing more is the vendor's. */
export function readWindowId(id: string): WindowId {
  const [, windowId, taskId, customId] = SPELLED.exec(id) ?? [];
  if (windowId === undefined || taskId === undefined || customId === undefined) return { windowId: id, opener: null };
  return { windowId, opener: { taskId, customId } };
}

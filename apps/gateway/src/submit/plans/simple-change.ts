import type { Change } from './press.js';

const CONTENT = /^(\S+)\s+(?:([uv])([1-4])|r)$/i;

/** Reads `"<taskId> U1..U4|V1..V4|R"` in any case; null for anything else. */
export function parseSimpleChange(content: string): { taskId: string; change: Change } | null {
  const found = CONTENT.exec(content.trim());
  if (found === null) return null;
  const [, taskId = '', letter, index] = found;
  if (letter === undefined) return { taskId, change: { action: 'REROLL', index: null } };
  const action = letter.toUpperCase() === 'U' ? 'UPSCALE' : 'VARIATION';
  return { taskId, change: { action, index: Number(index) } };
}

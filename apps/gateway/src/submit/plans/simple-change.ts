import type { Change } from './press.js';

const CONTENT = /^(\S+)\s+(?:([uv])([1-9]\d?)|r)$/i;

/** Reads `"<taskId> U1|V1|R"` in any case; null for anything else. Numbers over 4 are those of larger grids. */
export function parseSimpleChange(content: string): { taskId: string; change: Change } | null {
  const found = CONTENT.exec(content.trim());
  if (found === null) return null;
  const [, taskId = '', letter, index] = found;
  if (letter === undefined) return { taskId, change: { action: 'REROLL', index: null } };
  const action = letter.toUpperCase() === 'U' ? 'UPSCALE' : 'VARIATION';
  return { taskId, change: { action, index: Number(index) } };
}

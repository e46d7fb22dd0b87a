const NAMED = /(?:^|\s)--(v|version|niji)\s+(\d+(?:\.\d+)?)(?=[\s,.;:!?]|$)/gi;

/** The version that a prompt names, such as `8.1` or `niji 7`; null: none. The last one counts, as for Midjourney. */
export function modelOf(prompt: string): string | null {
  const [, flag, number] = [...prompt.matchAll(NAMED)].at(-1) ?? [];
  if (flag === undefined || number === undefined) return null;
  return flag.toLowerCase() === 'niji' ? `niji ${number}` : number.replace(/\.0+$/, '');
}

/** Whether a version is one of Midjourney 8. */
export function isVersion8(model: string): boolean {
  return /^8(?:\.|$)/.test(model);
}

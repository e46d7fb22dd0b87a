const NAMED = /(?:^|\s)--(v|version|niji)\s+(\d+(?:\.\d+)?)(?=[\s,.;:!?]|$)/gi;
const ALL_NAMED = /(?:^|\s)--(?:v|version|niji)\s+\d+(?:\.\d+)?(?=[\s,.;:!?]|$)/i;

/** The version that a prompt names, such as `8.1` or `niji 7`; null: none. The last one counts, as for Midjourney. */
export function modelOf(prompt: string): string | null {
  const [, flag, number] = [...prompt.matchAll(NAMED)].at(-1) ?? [];
  if (flag === undefined || number === undefined) return null;
  return flag.toLowerCase() === 'niji' ? `niji ${number}` : number.replace(/\.0+$/, '');
}

/** A prompt that names its version: the given one is written behind it where it names none. */
export function namingModel(prompt: string, model: string): string {
  if (ALL_NAMED.test(prompt)) return prompt;
  const flag = /^niji\s/i.test(model) ? `--${model.toLowerCase()}` : `--v ${model}`;
  return `${prompt} ${flag}`.trim();
}

/** Whether a version is one of Midjourney 8. */
export function isVersion8(model: string): boolean {
  return /^8(?:\.|$)/.test(model);
}

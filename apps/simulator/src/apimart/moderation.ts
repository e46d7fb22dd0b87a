/** Words that this upstream refuses. A real list is long, secret and changes; tests need a few that stay. */
const BANNED = ['gore', 'nude', 'nsfw', 'bloodbath'] as const;

/** The first banned word of a prompt, as a word of its own; null when there is none. */
export function bannedWordOf(prompt: string): string | null {
  const words = new Set(prompt.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return BANNED.find((word) => words.has(word)) ?? null;
}

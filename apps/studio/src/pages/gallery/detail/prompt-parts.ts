/** A prompt taken apart: its words, and its parameters as they stand in it. */
export interface PromptParts {
  words: string;
  parameters: string[];
}

const PARAMETER = /(?:^|\s)--[a-z][a-z0-9]*(?:\s+(?!--)[^\s]+)*/gi;

/** Takes a prompt apart, for reading only: everything from the first `--name` on is parameters. */
export function promptParts(prompt: string): PromptParts {
  const start = prompt.search(/(?:^|\s)--[a-z]/i);
  if (start < 0) return { words: prompt.trim(), parameters: [] };
  const found = prompt.slice(start).match(PARAMETER) ?? [];
  return { words: prompt.slice(0, start).trim(), parameters: found.map((text) => text.trim()) };
}

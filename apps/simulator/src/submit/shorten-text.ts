import { hashText } from '../drawing/seeded.js';
import { readPrompt } from '../wire/prompt.js';

/** What shorten found. */
export interface Shortened {
  /** Both parts as one text: the tokens with their weights, the numbered prompts. */
  readonly text: string;
  readonly prompts: readonly string[];
}

const FILLERS = new Set(
  'a an the of in on at to and or with by for from is are be it its this that please create make very really some as into over under'.split(
    ' ',
  ),
);
const KEYCAPS = ['1️⃣', '2️⃣', '3️⃣', '4️⃣', '5️⃣'];

/** Weighs a prompt's tokens (rare and long ones more, fillers nothing) and writes five ever shorter prompts. */
export function shortenPrompt(prompt: string): Shortened {
  const tokens = readPrompt(prompt)
    .words.split(/[\s,，。;；]+/)
    .filter((token) => token !== '');
  const weights = tokens.map((token) => weigh(token));
  const most = Math.max(0.01, ...weights);
  const ranked = tokens
    .map((token, at) => ({ token, at, weight: (weights[at] ?? 0) / most }))
    .sort((one, other) => other.weight - one.weight || one.at - other.at);
  const marked = [...ranked]
    .sort((one, other) => one.at - other.at)
    .map(({ token, weight }) =>
      weight >= 0.5
        ? `**${token}** (${weight.toFixed(2)})`
        : weight > 0
          ? `${token} (${weight.toFixed(2)})`
          : `~~${token}~~`,
    );
  const solid = ranked.filter(({ weight }) => weight > 0);
  const words = solid.length > 0 ? solid : ranked;
  const prompts = KEYCAPS.map((_, step) => {
    const count = Math.max(1, Math.ceil(words.length * (1 - step * 0.19)));
    return words
      .slice(0, count)
      .sort((one, other) => one.at - other.at)
      .map(({ token }) => token)
      .join(step % 2 === 0 ? ' ' : ', ');
  });
  const lines = prompts.map((short, at) => `${KEYCAPS[at] ?? ''} ${short}`);
  return { text: `## Important tokens\n${marked.join(', ')}\n## Shortened prompts\n${lines.join('\n')}`, prompts };
}

function weigh(token: string): number {
  const plain = token.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  if (plain === '' || FILLERS.has(plain)) return 0;
  return 0.35 + Math.min(plain.length, 10) / 20 + (hashText(plain) % 100) / 400;
}

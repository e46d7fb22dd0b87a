import type { Flag } from '../prompt-lint/parse-prompt.js';
import { endOfWord, isPunctuation } from '../prompt-lint/value.js';
import { readPrompt } from './prompt-version.js';

/** A parameter of a prompt, for upstreams that want them apart. */
export interface PromptParameter {
  /** The first of its names in the table of parameters (`ar`, `s`, `v`); of one that is not there, as typed, in lower case. */
  name: string;
  /** As typed, several values with a space between; empty where it has none. */
  value: string;
}

/** A prompt without its parameters, and those. */
export interface PromptParts {
  /** Links and words, also those that stand behind parameters. */
  text: string;
  parameters: PromptParameter[];
}

/**
 * Takes a prompt apart. Parameters come in their order; of style references under several flags one is made, others that come
 * twice come twice. Speed flags are in neither part: the mode is sent apart. Total, in linear time.
 */
export function parametersOf(prompt: string): PromptParts {
  const { text, flags } = readPrompt(prompt);
  const parameters: PromptParameter[] = [];
  const pieces: string[] = [];
  const shared = new Map<string, PromptParameter>();
  let from = 0;
  for (const flag of flags) {
    pieces.push(text.slice(from, flag.start));
    from = flag.end;
    if (flag.parameter?.isSpeed === true) continue;
    const parameter = toParameter(flag);
    const first = flag.parameter?.mayRepeat === true ? shared.get(parameter.name) : undefined;
    if (first === undefined) parameters.push(parameter);
    else first.value = `${first.value} ${parameter.value}`.trim();
    if (first === undefined) shared.set(parameter.name, parameter);
  }
  pieces.push(text.slice(from));
  const [head = '', ...rest] = pieces.map((piece) => piece.trim());
  const words = rest.filter((piece) => !piece.split(/\s+/).every(isPunctuation));
  return { text: [head, ...words].join(' ').trim(), parameters };
}

function toParameter({ parameter, name, values }: Flag): PromptParameter {
  const isText = parameter === null || parameter.value.kind === 'text';
  const words = values.map(({ text, isOpen }) => (isText || isOpen ? text : text.slice(0, endOfWord(text))));
  return { name: parameter?.names[0] ?? name.toLowerCase(), value: words.filter((word) => word !== '').join(' ') };
}

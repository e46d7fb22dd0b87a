/** A part of a prompt between white space; what stands in braces is never parted. */
export interface Token {
  text: string;
  start: number;
  end: number;
  /** True: it holds options of a permutation, so what it comes to is not known. */
  isOpen: boolean;
}

export interface Tokens {
  tokens: Token[];
  /** Places of braces without their other half, in order. */
  loneBraces: number[];
}

const SPACE = /\s/;

/** Parts a prompt into tokens, in one pass over it. */
export function tokensOf(prompt: string): Tokens {
  const { isPaired, loneBraces } = pairBraces(prompt);
  const tokens: Token[] = [];
  let depth = 0;
  let start = -1;
  let isOpen = false;
  for (let at = 0; at <= prompt.length; at += 1) {
    const unit = prompt[at];
    if (unit === undefined || (depth === 0 && SPACE.test(unit))) {
      if (start >= 0) tokens.push({ text: prompt.slice(start, at), start, end: at, isOpen });
      start = -1;
      isOpen = false;
      continue;
    }
    if (start < 0) start = at;
    if (isPaired[at] === 1) {
      isOpen = true;
      depth += unit === '{' ? 1 : -1;
    }
  }
  return { tokens, loneBraces };
}

/** Which braces have their other half. A backslash takes the meaning from the character behind it. */
export function pairBraces(prompt: string): { isPaired: Uint8Array; loneBraces: number[] } {
  const isPaired = new Uint8Array(prompt.length);
  const open: number[] = [];
  const lone: number[] = [];
  for (let at = 0; at < prompt.length; at += 1) {
    const unit = prompt[at];
    if (unit === '\\') at += 1;
    else if (unit === '{') open.push(at);
    else if (unit === '}') {
      const other = open.pop();
      if (other === undefined) lone.push(at);
      else isPaired[other] = isPaired[at] = 1;
    }
  }
  return { isPaired, loneBraces: [...lone, ...open].sort((a, b) => a - b) };
}

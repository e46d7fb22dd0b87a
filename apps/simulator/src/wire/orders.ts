type Orders<N extends string> = ReadonlyMap<N, string>;

/** Reads a header of faults: names with optional `=argument`, separated by commas. `unknown` is the first that is none. */
export function ordersOfHeader<N extends string>(
  header: string,
  isFault: (name: string) => name is N,
): { faults: Orders<N>; unknown: string | null } {
  const faults = new Map<N, string>();
  for (const part of header.split(',')) {
    const [name = '', ...argument] = part.trim().split('=');
    if (name === '') continue;
    if (!isFault(name)) return { faults, unknown: name };
    faults.set(name, argument.join('='));
  }
  return { faults, unknown: null };
}

const MARKER = /\[sim:([a-z0-9-]+)(?:=([^\]]*))?\]/g;

/** Takes the markers `[sim:name]` and `[sim:name=argument]` out of a prompt; what is no fault stays in it. */
export function ordersOfPrompt<N extends string>(
  prompt: string,
  isFault: (name: string) => name is N,
): { faults: Orders<N>; prompt: string } {
  const faults = new Map<N, string>();
  const rest = prompt.replace(MARKER, (marker, name: string, argument: string | undefined) => {
    if (!isFault(name)) return marker;
    faults.set(name, argument ?? '');
    return '';
  });
  return { faults, prompt: faults.size === 0 ? prompt : rest.replace(/ {2,}/g, ' ').trim() };
}

/** Of a `.cpuprofile`, what is read here. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

export interface ProfileLine {
  what: string;
  /** Of the time in which anything ran. */
  share: number;
}

const IDLE = new Set(['(idle)', '(program)']);

/** Where a process spent its own time: by package or file, and by function; the largest shares first. */
export function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): {
  places: ProfileLine[];
  functions: ProfileLine[];
} {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const places = new Map<string, number>();
  const functions = new Map<string, number>();
  let total = 0;
  samples.forEach((id, at) => {
    const frame = byId.get(id);
    if (frame === undefined || IDLE.has(frame.functionName)) return;
    const us = timeDeltas[at] ?? 0;
    total += us;
    const place = placeOf(frame.url, frame.functionName);
    places.set(place, (places.get(place) ?? 0) + us);
    const name = `${frame.functionName || '(anonymous)'} ${place}:${frame.lineNumber + 1}`;
    functions.set(name, (functions.get(name) ?? 0) + us);
  });
  const lines = (sums: Map<string, number>): ProfileLine[] =>
    [...sums].map(([what, us]) => ({ what, share: us / total })).sort((a, b) => b.share - a.share);
  return { places: lines(places), functions: lines(functions) };
}

/** The package of a module of node_modules, `node:net` for Node's own, the path below dist for ours. */
export function placeOf(url: string, functionName: string): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native';
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url)?.[1];
  return inPackage ?? /\/dist\/(.+)$/.exec(url)?.[1] ?? url;
}

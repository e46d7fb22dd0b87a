/** A shift of a picture's chances towards those of another seed: 0 keeps the picture, 1 replaces it. */
export interface Drift {
  readonly seed: number;
  readonly amount: number;
}

/** FNV-1a over UTF-16 code units with a final avalanche; the same text gives the same 32 bits on every machine. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return avalanche(hash);
}

/** Mixes two 32-bit numbers into one. */
export function mixSeeds(first: number, second: number): number {
  return avalanche(Math.imul(first ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(second + 0x7f4a7c15, 0xc2b2ae35));
}

function avalanche(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const unit = (seed: number, name: string): number => mixSeeds(seed, hashText(name)) / 4_294_967_296;

/**
 * The chances of one picture, asked for by name, so that asking for one more changes no other. Drifts move every
 * answer a part of the way towards another seed's: that is what makes a variation a relative of its parent.
 */
export class Dice {
  constructor(
    private readonly seed: number,
    private readonly drifts: readonly Drift[] = [],
  ) {}

  /** A number in [0, 1). */
  roll(name: string): number {
    return this.drifts.reduce(
      (value, drift) => value + (unit(drift.seed, name) - value) * drift.amount,
      unit(this.seed, name),
    );
  }

  between(name: string, low: number, high: number): number {
    return low + this.roll(name) * (high - low);
  }

  /** True with the given probability; drifts do not move it, or things would blink in and out of relatives. */
  chance(name: string, probability: number): boolean {
    return unit(this.seed, name) < probability;
  }

  /** One of the items; drifts do not move it either: relatives keep their kind of scene. */
  pick<T>(name: string, items: readonly [T, ...T[]]): T {
    return items[Math.floor(unit(this.seed, name) * items.length)] ?? items[0];
  }

  /** The chances of one numbered thing (a tree, a house), independent of its neighbours. */
  at(name: string, index: number): Dice {
    const key = hashText(`${name}#${index}`);
    return new Dice(
      mixSeeds(this.seed, key),
      this.drifts.map((drift) => ({ seed: mixSeeds(drift.seed, key), amount: drift.amount })),
    );
  }

  /** Smooth noise along a line, in [-1, 1]; `octaves` finer copies are added, each with `rough` of the one before. */
  curve(name: string, octaves: number, rough = 0.5): (x: number) => number {
    const lattice = new Map<number, number>();
    const value = (octave: number, cell: number): number => {
      const key = octave * 1_000_003 + cell;
      let known = lattice.get(key);
      if (known === undefined) lattice.set(key, (known = this.roll(`${name}/${octave}/${cell}`) * 2 - 1));
      return known;
    };
    return (x) => {
      let sum = 0;
      let weight = 1;
      let total = 0;
      for (let octave = 0, scale = 1; octave < octaves; octave += 1, scale *= 2.03, weight *= rough) {
        const place = x * scale + octave * 17.3;
        const cell = Math.floor(place);
        const part = place - cell;
        const ease = part * part * (3 - 2 * part);
        sum += weight * (value(octave, cell) * (1 - ease) + value(octave, cell + 1) * ease);
        total += weight;
      }
      return sum / total;
    };
  }
}

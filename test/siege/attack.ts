/** What an attacker knows: an address, a key of its own, and ids of pictures that anyone may see. */
export interface Target {
  host: string;
  port: number;
  /** A key like anyone may have. It is not the good client's. */
  key: string;
  /** Finished tasks whose picture has some megabytes. */
  pictureIds: readonly string[];
  /** Finished task whose picture is 2 kB of AVIF and 99 megapixels. */
  bombId: string;
  /** Finished tasks of the attacker's key with as much text as a task may have. */
  fatIds: readonly string[];
  isCut: boolean;
}

/** One way to take a gateway down. */
export interface Attack {
  readonly name: string;
  /** What it does, for the table. */
  readonly about: string;
  /** It ends by itself well before, ms. */
  readonly limitMs: number;
  /** Does it and goes away; gives a few words on what it saw. */
  readonly run: (target: Target) => Promise<string>;
}

/** The larger figure in a full run, the smaller in the short one. */
export function sized({ isCut }: Target, full: number, cut: number): number {
  return isCut ? cut : full;
}

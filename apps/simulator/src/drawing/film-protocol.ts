/** What the film worker is told, in this order for each film. */
export type FilmMessage =
  | { kind: 'begin'; film: number; width: number; height: number; framesPerSecond: number }
  /** Four bytes a pixel. */
  | { kind: 'frame'; film: number; rgba: Uint8Array }
  | { kind: 'end'; film: number }
  /** Instead of its end: nobody wants it any more. */
  | { kind: 'drop'; film: number };

/** What it answers to the end of a film, or to anything that failed. */
export type FilmAnswer = { film: number; bytes: Uint8Array } | { film: number; error: string };

/** Limits of a picture of a submit. */
export const INPUT_LIMITS = {
  maxBytes: 10 * 1024 * 1024,
  /** Pixels. */
  maxSide: 16_384,
  maxPixels: 50_000_000,
} as const;

/** Least and largest factor that Midjourney takes in this window. */
export const LEAST_ZOOM = 1;
export const LARGEST_ZOOM = 2;

const PARAMETER = /(^|\s)--zoom(?:\s+(\d+(?:\.\d+)?))?(?=\s|$)/g;

/** The factor that a prompt asks for, the last where there are several; null: none, or none that is taken. */
export function zoomOf(prompt: string): number | null {
  const factor = Number([...prompt.matchAll(PARAMETER)].at(-1)?.[2] ?? Number.NaN);
  return factor >= LEAST_ZOOM && factor <= LARGEST_ZOOM ? factor : null;
}

/** The prompt with that factor in the place of the one that it had, or at its end. */
export function withZoom(prompt: string, factor: number): string {
  const wanted = `--zoom ${Math.round(factor * 100) / 100}`;
  const places = [...prompt.matchAll(PARAMETER)];
  const last = places.at(-1);
  if (last === undefined) return `${prompt.trimEnd()} ${wanted}`.trimStart();
  return prompt.replaceAll(PARAMETER, (_found, before: string, _factor: unknown, at: number) =>
    at === last.index ? `${before}${wanted}` : '',
  );
}

import { type Mode } from './vocabulary.js';

/** What the simulator understands of a prompt. */
export interface Prompt {
  /** As typed, line breaks and runs of dashes made spaces. */
  readonly full: string;
  /** The words alone: no leading URLs, no parameters. */
  readonly words: string;
  /** Image URLs at the beginning. */
  readonly urls: readonly string[];
  /** Width by height, 1 when none is given. */
  readonly aspect: number;
  /** `--seed`, when it is a 32-bit number. */
  readonly seed: number | null;
  readonly mode: Mode | null;
  /** Major model version (7 when none is given); Niji counts by itself. */
  readonly version: number;
  readonly niji: boolean;
  readonly video: boolean;
  /** `--zoom`, held between 1 and 2; null when none is given. */
  readonly zoom: number | null;
  /** `--bs`: clips of a video; 4 when none is given. */
  readonly batch: number;
}

const DEFAULT_VERSION = 7;
const SPEED = /\s*--(?:fast|relax|turbo)\b/gi;

/** Reads a prompt. Every text at all can be read. */
export function readPrompt(text: string): Prompt {
  const full = text
    .replace(/[\r\n]+/g, ' ')
    .replace(/-{3,}/g, ' ')
    .replace(/\s{2,}/g, ' ')
    .trim();
  const urls: string[] = [];
  let rest = full;
  for (let url = /^(https?:\/\/\S+)\s*/.exec(rest); url !== null; url = /^(https?:\/\/\S+)\s*/.exec(rest)) {
    urls.push(url[1] ?? '');
    rest = rest.slice(url[0].length);
  }
  const niji = parameter(full, 'niji');
  const version = Number.parseInt(niji ?? parameter(full, 'v(?:ersion)?') ?? '', 10);
  const seed = Number(parameter(full, '(?:same)?seed') ?? NaN);
  const zoom = Number(parameter(full, 'zoom') ?? NaN);
  const batch = Number(parameter(full, 'bs') ?? NaN);
  return {
    full,
    words: rest.replace(/(^|\s)--.*$/, '').trim(),
    urls,
    aspect: readAspect(parameter(full, 'a(?:r|spect)')),
    seed: Number.isInteger(seed) && seed >= 0 && seed <= 4_294_967_295 ? seed : null,
    mode: speedOf(full),
    version: Number.isInteger(version) && version > 0 ? version : DEFAULT_VERSION,
    niji: niji !== null,
    video: /(^|\s)--video\b/.test(full),
    zoom: Number.isFinite(zoom) ? Math.min(2, Math.max(1, zoom)) : null,
    batch: batch === 1 || batch === 2 ? batch : 4,
  };
}

function parameter(full: string, name: string): string | null {
  return new RegExp(`(?:^|\\s)--${name}\\s+([^\\s-][^\\s]*)`).exec(full)?.[1] ?? null;
}

function readAspect(text: string | null): number {
  const [, wide, tall] = /^(\d{1,5}(?:\.\d+)?):(\d{1,5}(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  const aspect = Number(wide) / Number(tall);
  return Number.isFinite(aspect) && aspect > 0 ? aspect : 1;
}

/** The first of fast, relax, turbo that is flagged, in that order; only `--fast` may be written in any case. */
function speedOf(full: string): Mode | null {
  if (/(^|\s)--fast\b/i.test(full)) return 'FAST';
  if (/(^|\s)--relax\b/.test(full)) return 'RELAX';
  return /(^|\s)--turbo\b/.test(full) ? 'TURBO' : null;
}

/** A prompt as Midjourney echoes it: with a model version and the speed that it ran at. */
export function echoPrompt(prompt: string, mode: Mode, niji: boolean): string {
  const plain = prompt.replace(SPEED, '').trim();
  const versioned = /(^|\s)--(?:v|version|niji)\s/.test(plain) ? plain : `${plain} ${niji ? '--niji 7' : '--v 7.0'}`;
  return `${versioned} --${mode.toLowerCase()}`.trim();
}

/** A prompt without its speed: what a window shows and what a follow-up starts from. */
export const withoutSpeed = (prompt: string): string => prompt.replace(SPEED, '').trim();

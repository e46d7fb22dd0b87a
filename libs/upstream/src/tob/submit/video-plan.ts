import type { SubmitCommand } from '../../port/command.js';
import type { Picture } from '../../port/picture-text.js';
import { readSpelledId } from '../../port/spelled-id.js';
import { filmText, hasFlag, type TextTerms } from '../prompt/job-text.js';
import { call, type SubmitPlan } from './submit-plan.js';

type VideoCommand = Extract<SubmitCommand, { kind: 'video' }>;

/** A film from a picture that has a link. */
interface Film extends Partial<Pick<VideoCommand, 'endImage' | 'loop' | 'motion' | 'videoType' | 'batchSize'>> {
  prompt: string;
  images: readonly Picture[];
}

export function videoPlan(film: Film, terms: TextTerms): SubmitPlan {
  const prompt = filmText(film.prompt, film.images, flagsOf(film), terms);
  return call('/video-diffusion', { prompt, videoType: videoTypeOf(film.videoType ?? '') });
}

/** Extends a clip; the vendor counts clips from 0 and wants words. */
export function extendPlan(
  command: VideoCommand,
  { upstreamTaskId, index }: { upstreamTaskId: string; index: number },
  terms: TextTerms,
): SubmitPlan {
  const { jobId, clip, picture } = readSpelledId(upstreamTaskId);
  const picked = clip ?? picture;
  const flags = flagsOf({ prompt: command.prompt, images: [], motion: command.motion });
  const prompt = filmText(command.prompt, [], flags, terms);
  return call('/extend-video', { jobId, videoNo: picked === null ? index : picked - 1, prompt: prompt || ' ' });
}

/** 0 is 480p, 1 is 720p. */
export function videoTypeOf(words: string): 0 | 1 {
  return /720/.test(words) ? 1 : 0;
}

/** The flags of settings that the prompt does not have yet. */
function flagsOf({ prompt, motion = null, loop = false, endImage = null, batchSize = null }: Film): string[] {
  const flags: [string, string | null][] = [
    ['motion', motion === null ? null : `--motion ${motion}`],
    ['loop', loop ? '--loop' : null],
    ['end', endImage === null ? null : `--end ${String(endImage)}`],
    ['bs', batchSize === null ? null : `--bs ${batchSize}`],
  ];
  return flags.flatMap(([name, flag]) => (flag === null || hasFlag(prompt, name) ? [] : [flag]));
}

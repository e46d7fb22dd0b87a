import { promptToSend } from '#libs/wire';
import type { SubmitCommand } from '../../port/command.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { promptFields } from './prompt-fields.js';
import type { ApimartWork } from './submit-request.js';

/** Most pictures of the route for blends. */
const MOST_BLENDED = 4;
const RATIOS = { PORTRAIT: '2:3', SQUARE: '1:1', LANDSCAPE: '3:2' } as const;

/** A blend; of more pictures than its route takes it is an imagine of pictures alone, which Midjourney draws the same way. */
export function blendWork(terms: KindTerms, command: Extract<SubmitCommand, { kind: 'blend' }>): ApimartWork {
  const { images, dimensions } = command;
  if (images.length <= MOST_BLENDED) return { route: '/blend', body: { image_urls: images, dimensions } };
  return { route: '', body: { ...promptFields(terms, `--ar ${RATIOS[dimensions]}`, command), image_urls: images } };
}

/** Types of videos that the vendor names; those of a start and an end frame stand for the same heights. */
export const VIDEO_TYPES = {
  'vid_1.1_i2v_480': 'vid_1.1_i2v_start_end_480',
  'vid_1.1_i2v_720': 'vid_1.1_i2v_start_end_720',
} as const;
const DEFAULT_TYPE = 'vid_1.1_i2v_480';

/** A video of a picture; null for one that goes on from a clip, and for one without a picture. */
export function videoWork(command: Extract<SubmitCommand, { kind: 'video' }>): ApimartWork | null {
  const { image, endImage, loop, motion, videoType, batchSize, extend } = command;
  if (extend !== null || image === null) return null;
  // A loop ends with the picture that it begins with.
  const end = endImage ?? (loop ? image : null);
  const prompt = promptToSend(command.prompt);
  return {
    route: '/video',
    body: {
      image_urls: [image],
      prompt: prompt === '' ? null : prompt,
      end_url: end,
      video_type: end === null ? videoType : startEndType(videoType ?? DEFAULT_TYPE),
      animate_mode: 'manual',
      motion,
      batch_size: batchSize,
    },
  };
}

function startEndType(type: string): string {
  return Object.hasOwn(VIDEO_TYPES, type) ? VIDEO_TYPES[type as keyof typeof VIDEO_TYPES] : type;
}

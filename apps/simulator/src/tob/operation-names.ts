/** What every vendor of the tob family can be asked for. */
export const SHARED_OPERATIONS = [
  'diffusion',
  'variation',
  'upscale',
  'reroll',
  'pan',
  'outpaint',
  'inpaint',
  'remix',
  'edit',
  'upload-paint',
  'retexture',
  'remove-background',
  'enhance',
  'video-diffusion',
  'extend-video',
  'video-upscale',
] as const;

/** What the tob family can be asked for; each is also the last part of its path. */
export type Operation = (typeof SHARED_OPERATIONS)[number] | 'blend' | 'describe' | 'shorten';

/** How long each runs, in parts of the simulator's run time; what is not here takes the whole of it. */
const RUN_PARTS: Partial<Record<Operation, number>> = {
  upscale: 0.6,
  'remove-background': 0.5,
  describe: 0.35,
  shorten: 0.25,
  'video-diffusion': 1.5,
  'extend-video': 1.3,
  'video-upscale': 0.6,
};

export const runPartOf = (operation: Operation): number => RUN_PARTS[operation] ?? 1;

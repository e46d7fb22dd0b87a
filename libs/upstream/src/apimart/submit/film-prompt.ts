import { asksForVideo, parametersOf } from '#libs/wire';
import type { SubmitCommand } from '../../port/command.js';

type Imagine = Extract<SubmitCommand, { kind: 'imagine' }>;
type Video = Extract<SubmitCommand, { kind: 'video' }>;

const LINK = /^<?(https?:\/\/[^\s<>]+)>?$/i;
/** Parameters that are fields of the vendor's route for videos. */
const FIELDS: ReadonlySet<string> = new Set(['video', 'motion', 'bs', 'loop', 'end']);
const BATCHES = new Map<string, 1 | 2 | 4>([
  ['1', 1],
  ['2', 2],
  ['4', 4],
]);

/** Whether an imagine is work for the route for videos. */
export function isFilm({ prompt }: Imagine): boolean {
  return asksForVideo(prompt);
}

/** The video that an imagine with `--video` asks for. */
export function filmOfPrompt({ prompt, images, ...terms }: Imagine): Video {
  return withFieldsOfPrompt({
    ...terms,
    kind: 'video',
    prompt,
    image: images[0] ?? null,
    endImage: null,
    loop: false,
    motion: null,
    videoType: null,
    batchSize: null,
    extend: null,
  });
}

/**
 * A video whose prompt says nothing that has a field of its own: the vendor's defaults for these would contradict it. Without a
 * picture the first link of the prompt is the first frame.
 */
export function withFieldsOfPrompt(video: Video): Video {
  const { text, parameters } = parametersOf(video.prompt);
  const words = text.split(/\s+/).filter((word) => word !== '');
  const linkAt = video.image !== null ? -1 : words.findIndex((word) => LINK.test(word));
  const valueOf = (name: string): string | null => parameters.find((one) => one.name === name)?.value ?? null;
  const others = parameters
    .filter(({ name }) => !FIELDS.has(name))
    .map(({ name, value }) => `--${name} ${value}`.trim());
  const motion = valueOf('motion')?.toLowerCase();
  return {
    ...video,
    prompt: [...words.filter((_, at) => at !== linkAt), ...others].join(' '),
    image: video.image ?? linkIn(words[linkAt]),
    endImage: video.endImage ?? linkIn(valueOf('end') ?? undefined),
    loop: video.loop || valueOf('loop') !== null,
    motion: video.motion ?? (motion === 'low' || motion === 'high' ? motion : null),
    batchSize: video.batchSize ?? BATCHES.get(valueOf('bs') ?? '') ?? null,
  };
}

function linkIn(word: string | undefined): string | null {
  return LINK.exec(word ?? '')?.[1] ?? null;
}

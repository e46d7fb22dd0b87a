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

/** The video that an imagine with `--video` asks for: its first picture, or its first link, is the first frame. */
export function filmOfPrompt({ prompt, images, ...terms }: Imagine): Video {
  const { text, parameters } = parametersOf(prompt);
  const words = text.split(/\s+/).filter((word) => word !== '');
  const linkAt = images.length > 0 ? -1 : words.findIndex((word) => LINK.test(word));
  const valueOf = (name: string): string | null => parameters.find((one) => one.name === name)?.value ?? null;
  const others = parameters
    .filter(({ name }) => !FIELDS.has(name))
    .map(({ name, value }) => `--${name} ${value}`.trim());
  const motion = valueOf('motion')?.toLowerCase();
  return {
    ...terms,
    kind: 'video',
    prompt: [...words.filter((_, at) => at !== linkAt), ...others].join(' '),
    image: images[0] ?? linkIn(words[linkAt]),
    endImage: linkIn(valueOf('end') ?? undefined),
    loop: valueOf('loop') !== null,
    motion: motion === 'low' || motion === 'high' ? motion : null,
    videoType: null,
    batchSize: BATCHES.get(valueOf('bs') ?? '') ?? null,
    extend: null,
  };
}

function linkIn(word: string | undefined): string | null {
  return LINK.exec(word ?? '')?.[1] ?? null;
}

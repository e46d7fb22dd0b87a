import type { SubmitCommand, Work } from '../src/port/command.js';
import type { Picture } from '../src/port/picture-text.js';

/** The work behind a button, and a film, as tests vary them. */
export type ActionWork = Extract<Work, { kind: 'action' }>;
export type VideoWork = Extract<Work, { kind: 'video' }>;
export type Terms = Pick<SubmitCommand, 'botType' | 'mode' | 'modeIsChosen' | 'accountFilter'>;

/** Work on the usual terms, or on such as a test gives. */
export function command(work: Work, terms: Partial<Terms> = {}): SubmitCommand {
  return { botType: 'MID_JOURNEY', mode: 'FAST', modeIsChosen: false, accountFilter: null, ...work, ...terms };
}

/** A command to imagine a prompt, without pictures unless a test gives some. */
export function imagine(prompt: string, images: Picture[] = []): SubmitCommand {
  return command(imagineWork(prompt, images));
}

export function imagineWork(prompt: string, images: Picture[] = []): Work {
  return { kind: 'imagine', prompt, images };
}

/** A press of a button that asks for no window and no channel. */
export function actionWork(work: Pick<ActionWork, 'upstreamTaskId' | 'customId'> & Partial<ActionWork>): ActionWork {
  return { kind: 'action', enableRemix: false, chooseSameChannel: false, ...work };
}

/** A film with nothing to it but what a test gives. */
export function videoWork(work: Partial<VideoWork> = {}): VideoWork {
  return {
    kind: 'video',
    prompt: '',
    image: null,
    endImage: null,
    loop: false,
    motion: null,
    videoType: null,
    batchSize: null,
    extend: null,
    ...work,
  };
}

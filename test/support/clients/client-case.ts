import type { HookReceiver } from '../hook-receiver.js';
import type { ClientProgram, ProgramOptions, ProgramTask } from './client-program.js';

/** What a program is run against. */
export interface World {
  url: string;
  key: string;
  program: (options: Partial<ProgramOptions>) => ClientProgram;
  receiver: HookReceiver;
  /** Two small PNGs in base64. */
  picture: string;
  other: string;
}

export interface Case {
  /** As in docs/clients.md. */
  name: string;
  run: (world: World) => Promise<void>;
}

export interface Button {
  customId: string;
  label: string;
}

export const buttonOf = (task: ProgramTask, label: string): string =>
  (task['buttons'] as Button[]).find((button) => button.label === label)?.customId ?? '';
export const SUCCESS = { status: 'SUCCESS', progress: '100%', failReason: '' };
export const dataUrl = (picture: string): string => `data:image/png;base64,${picture}`;
/** As Python's json.dumps writes it. */
export const spaced = (body: unknown): string =>
  JSON.stringify(body, null, 1)
    .replace(/\n */g, ' ')
    .replace(/([[{]) /g, '$1')
    .replace(/ ([\]}])/g, '$1');

import { type Artwork } from '../drawing/canvas.js';
import { type Describer } from '../submit/describer.js';
import { type Operation } from './operation-names.js';
import { type TobProfile } from './profile.js';
import { type TobBody } from './tob-body.js';
import { type TobFaults } from './tob-faults.js';
import { type TobInputs } from './tob-inputs.js';
import { type TobPrompt } from './tob-prompt.js';
import { type TobAnswer, type TobRecord } from './tob-record.js';

/** What makes one job different from another. */
export interface TobDraft {
  readonly parent: TobRecord | null;
  readonly text: string;
  readonly model: string;
  readonly seed: number;
  readonly artwork: Artwork;
  readonly draft?: boolean;
  readonly upscaled?: boolean;
  readonly foreign?: boolean;
  readonly extended?: number;
  readonly answer?: TobAnswer;
  /** Why it fails, when that is known from the start. */
  readonly failure?: string;
}

/** What an operation works with, for one request. */
export interface TobTools {
  readonly profile: TobProfile;
  readonly inputs: TobInputs;
  readonly describer: Describer;
  /** The area of new pictures, px. */
  readonly area: number;
  readonly faults: TobFaults;
  /** A finished job. @throws Refusal */
  parent(id: string): TobRecord;
  /** Reads a text and lets the vendor judge it. @throws Refusal */
  read(text: string): TobPrompt;
}

/** Makes a draft of a request. @throws Refusal; DoomedJob when it is taken in and fails */
export type Operate = (body: TobBody, tools: TobTools) => Promise<TobDraft>;
export type Operations = Readonly<Partial<Record<Operation, Operate>>>;

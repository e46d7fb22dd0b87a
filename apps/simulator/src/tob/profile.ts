import { type FastifyInstance } from 'fastify';
import { type IncomingHttpHeaders } from 'node:http';
import { type TobPrompt } from './tob-prompt.js';
import { type Operation } from './operation-names.js';
import { type TobRecord } from './tob-record.js';
import { type Refusal } from './tob-refusal.js';
import { type TobDesk } from './tob-desk.js';

/** What one vendor of the tob family does in its own way. */
export interface TobProfile {
  readonly name: 'youchuan' | 'legnext';
  /** Base path of its routes. */
  readonly base: string;
  readonly limits: { readonly concurrency: number; readonly queues: boolean };
  /** Reads that show success before any link is there, unless ordered otherwise. */
  readonly early: number;
  /** The model of a text that names none. */
  readonly model: string;
  readonly operations: ReadonlySet<Operation>;
  /** What a job says that failed because a link led nowhere. */
  readonly lostLink: string;
  readonly extendNeedsPrompt: boolean;
  /** What the sides of a mask's areas may be, px. */
  readonly maskSides: { readonly least: number; readonly most: number };
  /** Base paths of what mountAccount mounts. */
  readonly accountBases: readonly string[];
  newId(now: number): string;
  /** Whether a request may come in. @throws Refusal */
  admit(headers: IncomingHttpHeaders, secret: string | null): void;
  /** Whether the vendor takes a prompt. @throws Refusal; DoomedJob when it is taken in and fails */
  judge(prompt: TobPrompt): void;
  /** Whether the vendor does an operation on pictures of a model. @throws Refusal */
  allow(operation: Operation, parent: TobRecord): void;
  /** A job as its submit answers it and its read shows it; `linksHidden` while success is shown before its links. */
  view(job: TobRecord, now: number, base: string, linksHidden: boolean): { readonly [key: string]: unknown };
  /** A refusal in the vendor's envelope, or in the other one that it has. */
  envelope(refusal: Refusal, other: boolean): unknown;
  /** Mounts what no job comes of: accounts, costs, plans. */
  mountAccount(app: FastifyInstance, desk: TobDesk): void;
}

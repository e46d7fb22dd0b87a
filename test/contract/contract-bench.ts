import type {
  KindDefinition,
  PictureSize,
  SubmitCommand,
  SubmitContext,
  UpstreamAdapter,
  UpstreamTarget,
  Work,
} from '#libs/upstream';

/** A word for each thing that can be asked of an upstream. */
export type Kind = Work['kind'];

/**
 * What a submit may run into. The last four come after the upstream has accepted the work: it never answers, it resets
 * the connection, it answers with an error of its own, it answers what is no answer.
 */
export type Situation =
  'full' | 'banned' | 'refused' | 'no_account' | 'exists' | 'hang' | 'reset' | 'crash' | 'unreadable';

/** How an upstream may fail while it is read. */
export type Breakage = 'hang' | 'reset' | 'crash' | 'unreadable';

/**
 * What an upstream, or a bench, may not have. `mark`: its tasks show the correlation id · `batches`: many tasks in one call ·
 * `upstream-window`: a window exists at the upstream, not in the gateway only · `recent`: a list that finds lost submits ·
 * `complete-list`: that list proves what is not in it · `breakage`: the bench can break reads
 */
export type Lack =
  | Kind
  | Situation
  | 'mark'
  | 'batches'
  | 'window'
  | 'upstream-window'
  | 'seed'
  | 'cancel'
  | 'recent'
  | 'complete-list'
  | 'breakage';

/** A finished task that others can build on. */
export interface FinishedTask {
  upstreamTaskId: string;
  /** A customId that begins work at once, and one that opens a window (when asked with `enableRemix`); "" where there are none. */
  button: string;
  windowButton: string;
  /** The task with the button that opens a window; absent: the same. */
  windowTaskId?: string;
}

/**
 * One adapter and one fresh upstream that it can speak to. What the bench does to the upstream it does past the adapter,
 * so that a fault of the adapter cannot hide itself.
 */
export interface ContractBench {
  adapter: UpstreamAdapter;
  /** Its kind; absent: the one that `target` names. */
  definition?: KindDefinition;
  /** The upstream, without tasks; it wants the secret that this names. It has room for 100 tasks. */
  target: UpstreamTarget;
  /** The same with a secret that it does not take. */
  locked: UpstreamTarget;
  /** Nothing listens there. */
  unreachable: UpstreamTarget;
  /** Well-formed, and never an id of the upstream's. */
  unknownId: string;
  /** A small picture of one colour as its kind takes pictures: a data URL, or a link that the upstream can follow; its size. */
  picture(colour: string): Promise<{ picture: string; size: PictureSize }>;
  /** The context of a submit; its push address is one that the upstream may call, where its kind is given one. */
  context(state: string): SubmitContext;
  /** Makes an accepted task that goes on for longer than any test; gives its id. */
  running(context: SubmitContext): Promise<string>;
  /** Makes a task and lets it finish, with a picture. */
  finished(context: SubmitContext): Promise<FinishedTask>;
  /** Readies the upstream so that the next submit, which must be this command, runs into the situation. */
  meet(situation: Situation): Promise<SubmitCommand>;
  /** How many tasks the upstream has of a submit: under its mark, or of its command where it shows no marks. */
  countTasks(context: SubmitContext, command: SubmitCommand): Promise<number>;
  /** From now on every read fails so. */
  breakReads(breakage: Breakage): void;
  /** Ends the upstream, not the adapter. */
  close(): Promise<void>;
}

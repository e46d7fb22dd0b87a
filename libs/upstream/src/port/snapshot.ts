import type { ButtonView, TaskStatus } from '#libs/wire';

/** A task as its upstream shows it at one moment: parsed, with a default for every field that is missing. */
export interface Snapshot {
  upstreamTaskId: string;
  /** The correlation id `jm:<id>`, where the upstream echoes it. */
  state: string | null;
  /** Null: an unknown status; the task goes on. */
  status: TaskStatus | null;
  /** Percent; null: the upstream gave no number. */
  progress: number | null;
  prompt: string;
  promptEn: string;
  finalPrompt: string;
  finalZhPrompt: string;
  description: string;
  failReason: string;
  /** An absolute link; a picture that came inline has a name instead, which is in `inline`. The same for the lists. */
  imageUrl: string | null;
  /** Position n-1 is picture n. Null: that picture was withheld (moderated away); the others keep their places. */
  imageUrls: (string | null)[];
  /** Some of these nulls are not said to be withheld, so that their pictures may still come; absent: none is. */
  isIncomplete?: boolean;
  videoUrls: string[];
  buttons: ButtonView[];
  messageId: string | null;
  messageHash: string | null;
  seed: string | null;
  /** When the task was submitted, by the upstream's clock, ms; used only to judge how far back a list reaches. */
  submitTime: number | null;
  /** The data URLs of pictures that came inline, by their names; absent where there are none. */
  inline?: ReadonlyMap<string, string>;
}

/** An upstream's answer to a request for a seed. `words`: the upstream's, not yet fit for clients. */
export type SeedReply = { kind: 'seed'; seed: string } | { kind: 'refused'; words: string };

/** The result of a probe. */
export interface ProbeReply {
  /** The upstream gives many tasks in one call. */
  readsBatches: boolean;
  /** What is left of the operator's account there, in the upstream's own unit, for operators only; absent: not told. */
  credit?: string;
}

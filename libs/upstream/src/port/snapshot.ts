import type { ButtonView, TaskStatus } from '#libs/wire';

/** What an upstream says of a task at one moment; parsed, nothing of it trusted to be there. */
export interface Snapshot {
  upstreamTaskId: string;
  /** Our mark `jm:<id>` where the upstream echoes it. */
  state: string | null;
  /** null: a word we do not know; the task goes on. */
  status: TaskStatus | null;
  /** Percent; null: no number was given. */
  progress: number | null;
  prompt: string;
  promptEn: string;
  finalPrompt: string;
  finalZhPrompt: string;
  description: string;
  failReason: string;
  /** Links are whole; a picture that came in itself has a name instead, which is in `inline`. */
  imageUrl: string | null;
  imageUrls: string[];
  videoUrls: string[];
  buttons: ButtonView[];
  messageId: string | null;
  messageHash: string | null;
  seed: string | null;
  /** When the upstream says it was submitted (ms); only to judge how far back a list reaches. */
  submitTime: number | null;
  /** The data URLs of pictures that came in themselves, by the names that stand for them; absent where there are none. */
  inline?: ReadonlyMap<string, string>;
}

/** What an upstream answered when asked for a seed. `words` are its own, not yet fit for clients. */
export type SeedReply = { kind: 'seed'; seed: string } | { kind: 'refused'; words: string };

/** What a probe found. `readsBatches`: it answers for many tasks in one call. */
export interface ProbeReply {
  readsBatches: boolean;
}

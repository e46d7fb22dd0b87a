import type { BotType, TaskMode } from '#libs/wire';

/** Which accounts of an upstream may do the work; passed on only where the upstream is set to take it. */
export interface AccountFilter {
  modes?: TaskMode[];
  instanceId?: string;
  remark?: string;
  channelId?: string;
  remix?: boolean;
  nijiRemix?: boolean;
  remixAutoConsidered?: boolean;
}

interface Terms {
  botType: BotType;
  /** The mode that is billed. */
  mode: TaskMode;
  /** True when the client chose the mode in any way, so it must reach Midjourney whatever the account's default is. */
  modeIsChosen: boolean;
  accountFilter: AccountFilter | null;
}

/** What an upstream is asked to do. Ids are the upstream's own; pictures are data URLs. */
export type SubmitCommand =
  | (Terms & { kind: 'imagine'; prompt: string; images: string[] })
  | (Terms & {
      kind: 'action';
      upstreamTaskId: string;
      customId: string;
      enableRemix: boolean;
      chooseSameChannel: boolean;
    });

/** What goes with a command: our mark, by which an upstream's task is recognised, and where it may push to. */
export interface SubmitContext {
  state: string;
  pushUrl: string | null;
}

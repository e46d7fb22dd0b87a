import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BotType, ButtonView, FailCode, TaskAction, TaskMode, TaskStatus } from '#libs/wire';
import type { Change } from './change.js';
import type { TaskEvent } from './event.js';
import { decide } from './transition.js';

/**
 * One piece of work: its row and its rules. Only `on` changes the state of a task; statements save the result with
 * compare-and-set on `version`. Money is a decimal string of credits.
 */
@Entity('task')
export class Task {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;
  @Column({ type: 'bigint' })
  apiKeyId!: string;
  @Column({ type: 'text' })
  action!: TaskAction;
  @Column({ type: 'text' })
  mode!: TaskMode;
  @Column({ type: 'text' })
  botType!: BotType;
  @Column({ type: 'text' })
  status!: TaskStatus;
  @Column({ type: 'smallint' })
  progress!: number;
  @Column({ type: 'integer' })
  version!: number;
  @Column({ type: 'text' })
  prompt!: string;
  @Column({ type: 'text' })
  promptEn!: string;
  @Column({ type: 'text' })
  finalPrompt!: string;
  @Column({ type: 'text' })
  finalZhPrompt!: string;
  @Column({ type: 'text' })
  description!: string;
  @Column({ type: 'text' })
  state!: string;
  @Column({ type: 'bigint', nullable: true })
  parentId!: string | null;
  @Column({ type: 'bigint', nullable: true })
  aliasOf!: string | null;
  @Column({ type: 'bigint', nullable: true })
  batchId!: string | null;
  @Column({ type: 'text' })
  customId!: string;
  @Column({ type: 'text', nullable: true })
  repeatKey!: string | null;
  @Column({ type: 'bigint', nullable: true })
  upstreamId!: string | null;
  @Column({ type: 'bigint', nullable: true })
  rebasedFrom!: string | null;
  @Column({ type: 'text', array: true, nullable: true })
  upstreamKinds!: string[] | null;
  @Column({ type: 'text', nullable: true })
  upstreamTaskId!: string | null;
  @Column({ type: 'text', nullable: true })
  failCode!: FailCode | null;
  @Column({ type: 'text' })
  failReason!: string;
  @Column({ type: 'boolean' })
  refused!: boolean;
  @Column({ type: 'numeric', precision: 18, scale: 6 })
  price!: string;
  @Column({ type: 'numeric', precision: 18, scale: 6 })
  cost!: string;
  @Column({ type: 'smallint' })
  retries!: number;
  @Column({ type: 'smallint' })
  retriesLeft!: number;
  @Column({ type: 'boolean' })
  isCounted!: boolean;
  @Column({ type: 'smallint' })
  jobs!: number;
  @Column({ type: 'smallint' })
  slots!: number;
  @Column({ type: 'boolean' })
  hasSlot!: boolean;
  @Column({ type: 'boolean' })
  waiting!: boolean;
  @Column({ type: 'timestamptz', nullable: true })
  waitUntil!: Date | null;
  @Column({ type: 'text', nullable: true })
  notifyHook!: string | null;
  @Column({ type: 'boolean' })
  notifyTerminalOnly!: boolean;
  @Column({ type: 'text' })
  baseUrl!: string;
  @Column({ type: 'text' })
  requestId!: string;
  @Column({ type: 'text', nullable: true })
  idemRoute!: string | null;
  @Column({ type: 'text', nullable: true })
  idemKey!: string | null;
  @Column({ type: 'text', nullable: true })
  idemPrint!: string | null;
  @Column({ type: 'jsonb', nullable: true })
  answer!: object | null;
  @Column({ type: 'timestamptz' })
  submittedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true })
  startedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  confirmedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  cancelAskedAt!: Date | null;
  @Column({ type: 'smallint' })
  sendAttempt!: number;
  @Column({ type: 'timestamptz', nullable: true })
  sentAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  sendDeadline!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  sendEndedAt!: Date | null;
  @Column({ type: 'smallint' })
  resends!: number;
  @Column({ type: 'timestamptz', nullable: true })
  lookUpAt!: Date | null;
  @Column({ type: 'smallint' })
  lookUpNoes!: number;
  @Column({ type: 'smallint' })
  provenNoes!: number;
  @Column({ type: 'timestamptz', nullable: true })
  lastNoAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  nextPollAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  polledAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  hintedAt!: Date | null;
  @Column({ type: 'text', nullable: true })
  pushedId!: string | null;
  @Column({ type: 'smallint' })
  quietPolls!: number;
  @Column({ type: 'timestamptz', nullable: true })
  missingSince!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  picturelessSince!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  deadlineAt!: Date | null;
  @Column({ type: 'jsonb', nullable: true })
  buttons!: ButtonView[] | null;
  @Column({ type: 'text', nullable: true })
  messageId!: string | null;
  @Column({ type: 'text', nullable: true })
  messageHash!: string | null;
  @Column({ type: 'text', nullable: true })
  imageUrl!: string | null;
  @Column({ type: 'smallint' })
  pictureCount!: number;
  @Column({ type: 'text', nullable: true })
  picturesFrom!: 'crop' | 'upstream' | null;
  /** Numbers of the single pictures that were moderated away; null: none was. */
  @Column({ type: 'smallint', array: true, nullable: true })
  withheld!: number[] | null;
  @Column({ type: 'smallint' })
  videoCount!: number;
  @Column({ type: 'text', nullable: true })
  seed!: string | null;

  /**
   * Position in the queue (not a column), filled in by reads for clients: the number of waiting tasks served before
   * this one; null for a task that does not wait.
   */
  queuePosition: number | null = null;

  /**
   * Applies an event and returns the change to save; null when the event changes nothing. A task only moves forward: a
   * terminal task never changes its result again, whatever is reported about it.
   * @param now the database's time
   */
  on(event: TaskEvent, now: Date): Change | null {
    return decide(this, event, now);
  }
}

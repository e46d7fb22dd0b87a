import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * waiting: to be sent at `nextAt` · delivered: the receiver has the newest payload · dropped: an event before the end
 * failed, a newer one replaces it · dead: all tries of the end are used up · cancelled: the receiver answered 410
 */
export type DeliveryState = 'waiting' | 'delivered' | 'dropped' | 'dead' | 'cancelled';

/** The outbox row of a task: its newest change for its receiver, and how far that was delivered. */
@Entity('hook_delivery')
export class HookDelivery {
  @PrimaryColumn({ type: 'bigint' })
  taskId!: string;
  @Column({ type: 'bigint' })
  apiKeyId!: string;
  @Column({ type: 'text' })
  url!: string;
  @Column({ type: 'text' })
  host!: string;
  @Column({ type: 'text' })
  state!: DeliveryState;
  @Column({ type: 'integer' })
  seq!: number;
  @Column({ type: 'boolean' })
  terminal!: boolean;
  @Column({ type: 'text' })
  payload!: string;
  @Column({ type: 'integer', nullable: true })
  toldSeq!: number | null;
  @Column({ type: 'integer' })
  attempts!: number;
  @Column({ type: 'timestamptz', nullable: true })
  nextAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  retryAt!: Date | null;
  @Column({ type: 'uuid', nullable: true })
  claimId!: string | null;
  @Column({ type: 'timestamptz', nullable: true })
  claimUntil!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  sentAt!: Date | null;
  @Column({ type: 'integer', nullable: true })
  lastStatus!: number | null;
  @Column({ type: 'text', nullable: true })
  lastError!: string | null;
  /** Milliseconds. */
  @Column({ type: 'integer', nullable: true })
  lastMs!: number | null;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true })
  deliveredAt!: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

export type UpstreamOperation = 'submit' | 'poll' | 'list' | 'fetch' | 'cancel' | 'seed' | 'probe';

/** Calls to an upstream: one row for each submit, and sums by minute, operation and result for all other calls. */
@Entity('upstream_call')
export class UpstreamCall {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'timestamptz' })
  at!: Date;
  @Column({ type: 'bigint' })
  upstreamId!: string;
  @Column({ type: 'text' })
  operation!: UpstreamOperation;
  @Column({ type: 'text' })
  result!: string;
  @Column({ type: 'integer' })
  calls!: number;
  @Column({ type: 'bigint' })
  totalMs!: string;
  @Column({ type: 'integer' })
  maxMs!: number;
  /** The task that a submit was for; null: of other calls. */
  @Column({ type: 'bigint', nullable: true })
  taskId!: string | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One try to deliver a hook; rows are only ever added. */
@Entity('hook_attempt')
export class HookAttempt {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'bigint' })
  taskId!: string;
  @Column({ type: 'timestamptz' })
  at!: Date;
  @Column({ type: 'integer' })
  seq!: number;
  /** Number of the scheduled try of that payload; 0: one outside the schedule. */
  @Column({ type: 'integer' })
  attempt!: number;
  @Column({ type: 'text' })
  class!: string;
  @Column({ type: 'integer', nullable: true })
  status!: number | null;
  /** Milliseconds. */
  @Column({ type: 'integer' })
  ms!: number;
  @Column({ type: 'text' })
  answer!: string;
}

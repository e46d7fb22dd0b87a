import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An attempt to send a task that a later attempt followed. */
@Entity('past_send')
export class PastSend {
  @PrimaryColumn({ type: 'bigint' })
  taskId!: string;
  @PrimaryColumn({ type: 'smallint' })
  attempt!: number;
  @Column({ type: 'bigint' })
  upstreamId!: string;
  @Column({ type: 'text', nullable: true })
  upstreamTaskId!: string | null;
  @Column({ type: 'timestamptz', nullable: true })
  sentAt!: Date | null;
  @Column({ type: 'timestamptz' })
  endedAt!: Date;
  @Column({ type: 'text' })
  why!: 'not_taken' | 'failed';
  @Column({ type: 'timestamptz', nullable: true })
  lookAt!: Date | null;
  @Column({ type: 'smallint' })
  looks!: number;
}

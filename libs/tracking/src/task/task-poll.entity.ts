import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That a task is polled, and when. */
@Entity('task_poll')
export class TaskPoll {
  @PrimaryColumn({ type: 'bigint' })
  taskId!: string;
  @Column({ type: 'bigint' })
  upstreamId!: string;
  @Column({ type: 'timestamptz' })
  dueAt!: Date;
}

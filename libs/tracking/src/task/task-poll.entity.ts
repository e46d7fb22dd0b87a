import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The poll schedule of a task: a task is polled while it has this row. */
@Entity('task_poll')
export class TaskPoll {
  @PrimaryColumn({ type: 'bigint' })
  taskId!: string;
  @Column({ type: 'bigint' })
  upstreamId!: string;
  @Column({ type: 'timestamptz' })
  dueAt!: Date;
}

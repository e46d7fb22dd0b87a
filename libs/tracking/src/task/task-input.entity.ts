import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The serialised command of a task that waits or may be sent again. */
@Entity('task_input')
export class TaskInput {
  @PrimaryColumn({ type: 'bigint' })
  taskId!: string;
  @Column({ type: 'bigint' })
  apiKeyId!: string;
  @Column({ type: 'bytea' })
  body!: Buffer;
  @Column({ type: 'integer' })
  bytes!: number;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
}

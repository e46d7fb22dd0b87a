import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a waiting task will send. */
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

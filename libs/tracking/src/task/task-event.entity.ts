import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TaskStatus } from '#libs/wire';
import type { EventSource } from './event.js';

/** One stored line of a task's timeline. */
@Entity('task_event')
export class TaskEventRow {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'bigint' })
  taskId!: string;
  @Column({ type: 'timestamptz' })
  at!: Date;
  @Column({ type: 'integer' })
  version!: number;
  @Column({ type: 'text' })
  kind!: string;
  @Column({ type: 'text' })
  source!: EventSource;
  @Column({ type: 'text' })
  status!: TaskStatus;
  @Column({ type: 'smallint' })
  progress!: number;
  @Column({ type: 'jsonb' })
  detail!: Record<string, unknown>;
}

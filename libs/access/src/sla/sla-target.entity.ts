import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TaskMode } from '#libs/wire';

/**
 * The service level of a mode: how long a task should take at most, and the share of tasks (0 to 1) for which that should
 * hold.
 */
@Entity('sla_target')
export class SlaTarget {
  @PrimaryColumn({ type: 'text' })
  mode!: TaskMode;
  @Column({ type: 'integer' })
  targetSeconds!: number;
  @Column({ type: 'numeric', precision: 5, scale: 4 })
  targetRatio!: string;
}

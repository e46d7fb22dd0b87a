import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TaskMode } from '#libs/wire';

/** How long a task of a mode should take at most, and how often that should hold. */
@Entity('sla_target')
export class SlaTarget {
  @PrimaryColumn({ type: 'text' })
  mode!: TaskMode;
  @Column({ type: 'integer' })
  targetSeconds!: number;
  @Column({ type: 'numeric', precision: 5, scale: 4 })
  targetRatio!: string;
}

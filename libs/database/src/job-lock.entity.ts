import { Entity, PrimaryColumn } from 'typeorm';

/** A job that one process does at a time. */
@Entity('job_lock')
export class JobLock {
  @PrimaryColumn({ type: 'text' })
  name!: string;
}

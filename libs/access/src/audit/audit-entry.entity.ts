import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One write through the admin API; the log is append-only. */
@Entity('audit_log')
export class AuditEntry {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'timestamptz' })
  at!: Date;
  @Column({ type: 'text' })
  requestId!: string;
  @Column({ type: 'text' })
  route!: string;
  @Column({ type: 'text' })
  target!: string;
  @Column({ type: 'jsonb' })
  detail!: object;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A receiver that is failing or has been, by key and host. */
@Entity('hook_host')
export class HookHost {
  @PrimaryColumn({ type: 'bigint' })
  apiKeyId!: string;
  @PrimaryColumn({ type: 'text' })
  host!: string;
  @Column({ type: 'integer' })
  failures!: number;
  @Column({ type: 'timestamptz', nullable: true })
  failingSince!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  probeAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  notBefore!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  lastOkAt!: Date | null;
  /** When it was called last, to about a day. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  usedAt!: Date;
  @Column({ type: 'text', nullable: true })
  lastError!: string | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Requests of a key other than submits in one minute, all replicas together. */
@Entity('read_count')
export class ReadCount {
  @PrimaryColumn({ type: 'bigint' })
  apiKeyId!: string;
  @PrimaryColumn({ type: 'timestamptz' })
  minute!: Date;
  @Column({ type: 'integer' })
  used!: number;
}

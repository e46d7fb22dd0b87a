import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many requests other than submits a key made in one UTC minute, on all replicas together. */
@Entity('read_count')
export class ReadCount {
  @PrimaryColumn({ type: 'bigint' })
  apiKeyId!: string;
  @PrimaryColumn({ type: 'timestamptz' })
  minute!: Date;
  @Column({ type: 'integer' })
  used!: number;
}

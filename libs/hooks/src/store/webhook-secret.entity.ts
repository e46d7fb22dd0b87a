import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that signs the hooks of a key. */
@Entity('webhook_secret')
export class WebhookSecret {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'bigint' })
  apiKeyId!: string;
  /** `whsec_…`, sealed. */
  @Column({ type: 'bytea' })
  secret!: Buffer;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
  /** null: the current one. */
  @Column({ type: 'timestamptz', nullable: true })
  signsUntil!: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A link that signs one person in to Studio as admin, once. */
@Entity('studio_ticket')
export class StudioTicket {
  @PrimaryColumn({ type: 'bytea' })
  tokenHash!: Buffer;
  @Column({ type: 'bigint', nullable: true })
  apiKeyId!: string | null;
  @Column({ type: 'bytea' })
  credential!: Buffer;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
  @Column({ type: 'timestamptz' })
  expiresAt!: Date;
}

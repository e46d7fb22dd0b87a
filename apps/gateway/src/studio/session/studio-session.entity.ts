import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who is signed in to Studio; the browser has its token as a cookie. */
@Entity('studio_session')
export class StudioSession {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'bytea' })
  tokenHash!: Buffer;
  @Column({ type: 'text' })
  role!: 'admin' | 'client';
  /** The key that it is (client), or acts for under /mj (admin). */
  @Column({ type: 'bigint', nullable: true })
  apiKeyId!: string | null;
  /** Of what it was signed in with; it ends where that has changed. */
  @Column({ type: 'bytea' })
  credential!: Buffer;
  @Column({ type: 'text' })
  address!: string;
  @Column({ type: 'text' })
  userAgent!: string;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
  @Column({ type: 'timestamptz' })
  lastUsedAt!: Date;
  @Column({ type: 'timestamptz' })
  expiresAt!: Date;
  /** When it ends or has ended: by its age, for want of use, or because it was revoked. */
  @Column({ type: 'timestamptz' })
  endsAt!: Date;
  @Column({ type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
}

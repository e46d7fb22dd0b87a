import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The kind of a kept file, which decides its limits, its types and its name. */
export type AssetKind = 'image' | 'video';

/** Which asset: 0 is the picture itself, from 1 on the single ones that an upstream gave. */
export interface AssetKey {
  taskId: string;
  kind: AssetKind;
  n: number;
}

/** A picture or video that is or will be kept. */
@Entity('asset')
export class Asset implements AssetKey {
  @PrimaryColumn({ type: 'bigint' })
  taskId!: string;
  @PrimaryColumn({ type: 'text' })
  kind!: AssetKind;
  @PrimaryColumn({ type: 'smallint' })
  n!: number;
  @Column({ type: 'bigint', nullable: true })
  upstreamId!: string | null;
  @Column({ type: 'text' })
  sourceUrl!: string;
  @Column({ type: 'text' })
  state!: 'wanted' | 'kept' | 'lost' | 'removed';
  @Column({ type: 'smallint' })
  attempts!: number;
  @Column({ type: 'timestamptz', nullable: true })
  nextAt!: Date | null;
  @Column({ type: 'uuid', nullable: true })
  claimId!: string | null;
  @Column({ type: 'text', nullable: true })
  file!: string | null;
  @Column({ type: 'text', nullable: true })
  contentType!: string | null;
  @Column({ type: 'integer', nullable: true })
  bytes!: number | null;
  @Column({ type: 'integer', nullable: true })
  width!: number | null;
  @Column({ type: 'integer', nullable: true })
  height!: number | null;
  @Column({ type: 'bytea', nullable: true })
  sha256!: Buffer | null;
  @Column({ type: 'timestamptz', nullable: true })
  keptAt!: Date | null;
  @Column({ type: 'text', nullable: true })
  lastError!: string | null;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true })
  removedAt!: Date | null;
}

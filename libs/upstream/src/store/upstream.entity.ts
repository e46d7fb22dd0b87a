import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UpstreamKind } from '../kinds.js';
import type { OperatorFault } from '../port/outcome.js';

/** A server that tasks are sent to. */
@Entity('upstream')
export class Upstream {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'text' })
  name!: string;
  @Column({ type: 'text' })
  kind!: UpstreamKind;
  @Column({ type: 'text' })
  baseUrl!: string;
  @Column({ type: 'bytea', nullable: true })
  secret!: Buffer | null;
  @Column({ type: 'bytea', nullable: true })
  proxyUrl!: Buffer | null;
  @Column({ type: 'text', nullable: true })
  userAgent!: string | null;
  @Column({ type: 'integer' })
  weight!: number;
  @Column({ type: 'integer' })
  priority!: number;
  @Column({ type: 'text', array: true, nullable: true })
  modes!: string[] | null;
  @Column({ type: 'text', array: true, nullable: true })
  actions!: string[] | null;
  @Column({ type: 'text', nullable: true })
  defaultVersion!: string | null;
  @Column({ type: 'text', array: true, nullable: true })
  modelVersions!: string[] | null;
  @Column({ type: 'text' })
  followUps!: 'sticky' | 'rebase';
  @Column({ type: 'boolean' })
  enabled!: boolean;
  @Column({ type: 'timestamptz', nullable: true })
  retiredAt!: Date | null;
  @Column({ type: 'boolean' })
  acceptsNotifyHook!: boolean;
  @Column({ type: 'boolean' })
  acceptsAccountFilter!: boolean;
  @Column({ type: 'integer', nullable: true })
  submitTimeoutMs!: number | null;
  @Column({ type: 'integer', nullable: true })
  pollTimeoutMs!: number | null;
  @Column({ type: 'text', array: true })
  fullTexts!: string[];
  @Column({ type: 'timestamptz', nullable: true })
  circuitUntil!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  lastOkAt!: Date | null;
  @Column({ type: 'text', nullable: true })
  lastError!: string | null;
  @Column({ type: 'timestamptz', nullable: true })
  lastErrorAt!: Date | null;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
  @Column({ type: 'integer' })
  circuitOpens!: number;
  @Column({ type: 'timestamptz', nullable: true })
  circuitChangedAt!: Date | null;
  @Column({ type: 'text', nullable: true })
  misconfigured!: OperatorFault | null;
  @Column({ type: 'integer', nullable: true })
  latencyMs!: number | null;
  /** Its capabilities; null: not known yet. */
  @Column({ type: 'boolean', nullable: true })
  readsBatches!: boolean | null;
  @Column({ type: 'boolean', nullable: true })
  listsRecent!: boolean | null;
  @Column({ type: 'boolean', nullable: true })
  echoesState!: boolean | null;
  @Column({ type: 'boolean', nullable: true })
  pushes!: boolean | null;
  @Column({ type: 'timestamptz', nullable: true })
  probedAt!: Date | null;
  /** When it first fetched a picture of ours by link; null: never. */
  @Column({ type: 'timestamptz', nullable: true })
  linksFetchedAt!: Date | null;
}

/** Slots of an upstream, in a table of their own because every submit writes them. */
@Entity('upstream_load')
export class UpstreamLoad {
  @PrimaryColumn({ type: 'bigint' })
  upstreamId!: string;
  @Column({ type: 'integer' })
  running!: number;
  @Column({ type: 'integer' })
  maxConcurrent!: number;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PromptExpansion, TaskMode } from '#libs/wire';

/** An API key: its hash, and the terms on which its owner may submit. */
@Entity('api_key')
export class ApiKey {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'text' })
  name!: string;
  @Column({ type: 'text' })
  prefix!: string;
  @Column({ type: 'bytea' })
  keyHash!: Buffer;
  @Column({ type: 'text', nullable: true })
  defaultMode!: TaskMode | null;
  @Column({ type: 'text', array: true, nullable: true })
  modes!: string[] | null;
  @Column({ type: 'text', array: true, nullable: true })
  actions!: string[] | null;
  /** Kinds of upstreams that may do its work; null: all. */
  @Column({ type: 'text', array: true, nullable: true })
  upstreamKinds!: string[] | null;
  @Column({ type: 'text', nullable: true })
  notifyHook!: string | null;
  @Column({ type: 'boolean' })
  notifyTerminalOnly!: boolean;
  @Column({ type: 'text', array: true, nullable: true })
  ipAllow!: string[] | null;
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;
  @Column({ type: 'text' })
  promptLint!: 'off' | 'warn' | 'strict';
  @Column({ type: 'text', nullable: true })
  promptExpansion!: PromptExpansion | null;
  @Column({ type: 'smallint' })
  retries!: number;
}

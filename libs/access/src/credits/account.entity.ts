import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Limits, balance and counters of a key. Balance and counters are written only for keys with a limit. */
@Entity('account')
export class Account {
  @PrimaryColumn({ type: 'bigint' })
  apiKeyId!: string;
  @Column({ type: 'boolean' })
  isLimited!: boolean;
  @Column({ type: 'boolean' })
  hasCreditLimit!: boolean;
  /** Credits, six decimals. */
  @Column({ type: 'numeric', precision: 18, scale: 6 })
  balance!: string;
  @Column({ type: 'integer' })
  running!: number;
  @Column({ type: 'integer', nullable: true })
  maxConcurrent!: number | null;
  @Column({ type: 'integer', nullable: true })
  queueLimit!: number | null;
  @Column({ type: 'integer', nullable: true })
  requestsPerMinute!: number | null;
  @Column({ type: 'timestamptz', nullable: true })
  windowAt!: Date | null;
  @Column({ type: 'integer' })
  windowUsed!: number;
  @Column({ type: 'integer', nullable: true })
  dailyTasks!: number | null;
  @Column({ type: 'date', nullable: true })
  day!: string | null;
  @Column({ type: 'integer' })
  dayUsed!: number;
  @Column({ type: 'numeric', precision: 18, scale: 6, nullable: true })
  monthlySpend!: string | null;
  @Column({ type: 'date', nullable: true })
  month!: string | null;
  @Column({ type: 'numeric', precision: 18, scale: 6 })
  monthSpent!: string;
}

/** One booking of credits; the ledger is append-only. */
@Entity('ledger')
export class LedgerEntry {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id!: string;
  @Column({ type: 'timestamptz' })
  at!: Date;
  @Column({ type: 'bigint' })
  apiKeyId!: string;
  @Column({ type: 'bigint', nullable: true })
  taskId!: string | null;
  @Column({ type: 'text' })
  kind!: 'hold' | 'refund' | 'topup' | 'adjust';
  @Column({ type: 'numeric', precision: 18, scale: 6 })
  amount!: string;
  @Column({ type: 'text' })
  note!: string;
}

/** One line of the price list; `*` stands for any action or mode. */
@Entity('price')
export class Price {
  @PrimaryColumn({ type: 'text' })
  action!: string;
  @PrimaryColumn({ type: 'text' })
  mode!: string;
  @Column({ type: 'numeric', precision: 18, scale: 6 })
  price!: string;
}

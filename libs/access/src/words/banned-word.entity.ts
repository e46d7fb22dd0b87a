import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A word that ends a submit with code 24. */
@Entity('banned_word')
export class BannedWord {
  @PrimaryColumn({ type: 'text' })
  word!: string;
  @Column({ type: 'text' })
  note!: string;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A word whose occurrence in a prompt is answered with code 24. */
@Entity('banned_word')
export class BannedWord {
  @PrimaryColumn({ type: 'text' })
  word!: string;
  @Column({ type: 'text' })
  note!: string;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
}

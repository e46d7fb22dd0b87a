import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file of the store that no picture uses any more. */
@Entity('doomed_file')
export class DoomedFile {
  @PrimaryColumn({ type: 'text' })
  file!: string;
  @Column({ type: 'timestamptz' })
  nextAt!: Date;
}

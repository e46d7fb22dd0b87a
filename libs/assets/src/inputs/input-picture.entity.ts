import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A picture that is served by link: an input of a task, or an upload that the gateway hosts. */
@Entity('input_picture')
export class InputPicture {
  @PrimaryColumn({ type: 'bytea' })
  tokenHash!: Buffer;
  @Column({ type: 'bigint' })
  taskId!: string;
  @Column({ type: 'text' })
  kind!: 'input' | 'upload';
  @Column({ type: 'bigint', nullable: true })
  upstreamId!: string | null;
  @Column({ type: 'text' })
  contentType!: string;
  @Column({ type: 'integer' })
  bytes!: number;
  @Column({ type: 'bytea', nullable: true })
  content!: Buffer | null;
  @Column({ type: 'text', nullable: true })
  file!: string | null;
  @Column({ type: 'timestamptz' })
  publishedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  fetchedAt!: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A picture store that belongs, or once belonged, to this database. */
@Entity('store')
export class Store {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;
  @Column({ type: 'text' })
  kind!: 'disk' | 's3';
  @Column({ type: 'text' })
  location!: string;
  @Column({ type: 'timestamptz' })
  createdAt!: Date;
  @Column({ type: 'boolean' })
  isCurrent!: boolean;
}

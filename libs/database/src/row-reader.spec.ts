import { Column, Entity, PrimaryColumn } from 'typeorm';
import { blankMaker, columnsOf, rowReader, rowWriter } from './row-reader.js';

@Entity('sample')
class Sample {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;
  @Column({ type: 'text' })
  ownName!: string;
  @Column({ type: 'jsonb', nullable: true, name: 'extra_data' })
  extra!: object | null;

  /** No column. */
  place = 7;

  shout(): string {
    return this.ownName.toUpperCase();
  }
}

const ROW = { id: '1', own_name: 'a', extra_data: { b: 2 }, foreign: true };

describe('rowReader', () => {
  it('makes entities of rows, with what is no column as the class has it', () => {
    const made = rowReader(Sample)(ROW);
    expect(made).toBeInstanceOf(Sample);
    expect({ ...made }).toEqual({ id: '1', ownName: 'a', extra: { b: 2 }, place: 7 });
    expect(made.shout()).toBe('A');
  });

  it('makes each anew', () => {
    const read = rowReader(Sample);
    const other = { ...ROW, own_name: 'b' };
    const [first, second] = [read(ROW), read(other)];
    first.place = 8;
    expect([first.ownName, second.ownName, second.place]).toEqual(['a', 'b', 7]);
  });

  it('refuses a class that is no entity', () => {
    expect(() => rowReader(class Plain {})).toThrow('Plain is not an entity');
  });
});

describe('rowWriter', () => {
  it('gives every column in the database’s names, and nothing else', () => {
    const write = rowWriter(Sample);
    const made = rowReader(Sample)(ROW);
    expect(write(made)).toEqual({ id: '1', own_name: 'a', extra_data: { b: 2 } });
    expect(write(Object.assign(made, { extra: null }))).toEqual({ id: '1', own_name: 'a', extra_data: null });
    expect(Object.keys(write(made))).toEqual(columnsOf(Sample));
  });
});

describe('blankMaker', () => {
  it('makes entities whose columns are all there, and null', () => {
    const make = blankMaker(Sample);
    const made = make();
    expect(made).toBeInstanceOf(Sample);
    expect({ ...made }).toEqual({ id: null, ownName: null, extra: null, place: 7 });
    expect(make()).not.toBe(made);
  });
});

import { useRig } from '../../test/use-tracking.js';
import { byteaArray } from './bytea-array.js';

const rig = useRig();

it.each([
  ['none', []],
  ['nothing', [null]],
  ['some', [Buffer.from('a'), null, Buffer.alloc(0), Buffer.from([0, 255, 92, 120])]],
  ['a long one', [Buffer.alloc(3_000_000, 0x5a)]],
] as [string, (Buffer | null)[]][])('Postgres reads an array of bytea: %s', async (_, items) => {
  const rows = await rig.sql<{ item: Buffer | null }>(
    'select item from unnest($1::bytea[]) with ordinality as t (item, at) order by at',
    [byteaArray(items)],
  );
  expect(rows.map(({ item }) => item)).toEqual(items);
});

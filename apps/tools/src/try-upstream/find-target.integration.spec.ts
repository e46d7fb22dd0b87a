import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { SecretBox } from '#libs/database';
import { createTestDatabase } from '../../../../test/support/test-database.js';
import { findTarget } from './find-target.js';

const SECRET = 'app|sk-of-the-vendor';
const secretKey = randomBytes(32);

let url: string;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ url, drop } = await createTestDatabase());
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `with made as (insert into upstream (name, base_url, kind, secret) values ($1, $2, 'youchuan', $3) returning id)
      insert into upstream_load (upstream_id, max_concurrent) select id, 5 from made`,
    ['second', 'https://ali.example', new SecretBox(secretKey).seal(SECRET)],
  );
  await client.end();
});
afterAll(() => drop());

it('an upstream of the database is found by its name, with its secret', async () => {
  const found = await findTarget({ from: 'database', name: 'second' }, () => ({ url, secretKey }));
  expect(found).toMatchObject({ kind: 'youchuan', baseUrl: 'https://ali.example', secret: SECRET });
});

it('a name that there is not, and another SECRET_KEY, are told', async () => {
  const find = (name: string, key: Buffer): Promise<unknown> =>
    findTarget({ from: 'database', name }, () => ({ url, secretKey: key }));
  await expect(find('third', secretKey)).rejects.toThrow('no upstream of that name');
  await expect(find('second', randomBytes(32))).rejects.toThrow('another SECRET_KEY');
});

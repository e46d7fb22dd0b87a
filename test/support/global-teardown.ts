import { Client, escapeIdentifier } from 'pg';

/** After all tests: the throwaway PostgreSQL goes with its folder; in a server that was given, the template goes. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.journeymanTestPostgres?.stop();
  globalThis.journeymanTestPostgres = undefined;
  const given = process.env['TEST_DATABASE_URL'];
  const template = process.env['TEST_TEMPLATE_DATABASE'];
  if (!given || !template) return;
  const client = new Client({ connectionString: given });
  await client.connect();
  try {
    await client.query(`drop database if exists ${escapeIdentifier(template)} with (force)`);
  } finally {
    await client.end();
  }
}

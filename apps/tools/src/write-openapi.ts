import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { AppModule } from '../../gateway/src/app.module.js';
import { readEnvironment } from '../../gateway/src/config/environment.js';
import { apiDocument } from '../../gateway/src/http/documentation/api-document.js';
import { Traffic } from '../../gateway/src/traffic/traffic.js';

/** The document depends on no setting and no database: `preview` makes Nest read the routes without making providers. */
const environment = readEnvironment({
  DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
  SECRET_KEY: randomBytes(32).toString('base64'),
});
const module = AppModule.forRoot(environment, new Traffic(environment));
const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
  preview: true,
  logger: false,
});
await writeFile('openapi.json', `${JSON.stringify(apiDocument(app), null, 2)}\n`);
process.exit(0);

import Fastify from 'fastify';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { offer, serve, settingsOf } from '../children/offer.js';

/** The least that can serve a file: Fastify streaming it, in the pieces that the gateway reads. */
const { file } = settingsOf<{ file: string }>();
const { size } = await stat(file);

const app = Fastify({ logger: false });
app.get('/mj/image/:id', (_request, reply) =>
  reply
    .type('image/png')
    .header('content-length', size)
    .send(createReadStream(file, { highWaterMark: 256 * 1024 })),
);

offer({});
serve(await app.listen({ host: '127.0.0.1', port: 0 }));

import http from 'node:http';
import { listen } from '../../chaos/http-server.js';
import { offer, serve, settingsOf } from './offer.js';

/** A receiver of hooks on several ports, which count as hosts. It reads everything and answers 200. */
const { ports } = settingsOf<{ ports: number }>();
let counts = { first: 0, last: 0, count: 0, signed: 0 };

const take: http.RequestListener = (request, response) => {
  request.resume().once('end', () => {
    const now = Date.now();
    counts.first ||= now;
    counts.last = now;
    counts.count += 1;
    if (request.headers['webhook-signature'] !== undefined) counts.signed += 1;
    response.end('ok');
  });
};

const listening = await Promise.all(Array.from({ length: ports }, () => listen(http.createServer(take))));
offer({
  reset: () => {
    counts = { first: 0, last: 0, count: 0, signed: 0 };
  },
  counts: () => counts,
});
serve(listening.map((port) => `http://127.0.0.1:${port}`).join(' '));

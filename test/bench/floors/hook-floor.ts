import { Agent } from 'undici';
import { offer, serve, settingsOf } from '../children/offer.js';

/** The least that can tell receivers: plain POSTs, 8 at once to each of them. No database, no signature. */
const { urls, bytes } = settingsOf<{ urls: string[]; bytes: number }>();
const PER_HOST = 8;
const agent = new Agent({ connections: PER_HOST, pipelining: 1 });
const payload = 'x'.repeat(bytes);

async function deliver(count: number): Promise<void> {
  let left = count;
  const lane = async (url: string): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { body } = await agent.request({
        origin: url,
        path: '/hook',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: payload,
      });
      await body.dump();
    }
  };
  await Promise.all(urls.flatMap((url) => Array.from({ length: PER_HOST }, () => lane(url))));
}

offer({ deliver });
serve('');

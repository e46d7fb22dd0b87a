import net from 'node:net';
import { offer, serve } from './offer.js';

/** Watchers of event streams: each reads its stream and says nothing more. */
interface Watch {
  url: string;
  /** One request each. */
  requests: { path: string; headers: Readonly<Record<string, string>> }[];
}

const sockets: net.Socket[] = [];
let bytes = 0;

/** Opens the streams; resolves when every one of them has shown its task. */
async function watch({ url, requests }: Watch): Promise<void> {
  const { hostname, port, host } = new URL(url);
  const open = ({ path, headers }: Watch['requests'][number]): Promise<void> =>
    new Promise((resolve, reject) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const socket = net.connect({ host: hostname, port: Number(port) });
      let seen = '';
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`a stream ended: ${seen.slice(0, 200)}`)));
      socket.on('data', (chunk) => {
        bytes += chunk.length;
        if (seen.includes('data: ')) return;
        seen += chunk.toString('latin1');
        if (seen.includes('data: ')) resolve();
      });
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}\r\n`);
      sockets.push(socket);
    });
  const left = [...requests];
  const lane = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await open(next);
  };
  await Promise.all(Array.from({ length: 32 }, lane));
}

offer({ watch, bytes: () => bytes });
serve('');

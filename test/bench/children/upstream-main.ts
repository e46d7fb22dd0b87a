import http from 'node:http';
import { listen, readJson, sendJson } from '../../chaos/http-server.js';
import { offer, serve } from './offer.js';

/** An upstream that speaks midjourney-proxy, answers at once and draws nothing. */
let progress = 0;
let calls = { first: 0, last: 0, count: 0 };
let lastId = Date.now() * 1_000;

const server = http.createServer((request, response) => {
  if (request.url === '/mj/task/list-by-condition') {
    readJson(request).then(
      ({ ids }) => sendJson(response, 200, Array.isArray(ids) ? ids.map((id) => view(String(id))) : []),
      () => response.destroy(),
    );
    calls = { first: calls.first || Date.now(), last: Date.now(), count: calls.count + 1 };
    return;
  }
  request.resume().once('end', () => {
    lastId += 1;
    if (request.method === 'POST') {
      sendJson(response, 200, { code: 1, description: 'Submit success', result: String(lastId), properties: {} });
    } else sendJson(response, 200, []);
  });
});

function view(id: string): Record<string, unknown> {
  return {
    id,
    action: 'IMAGINE',
    status: 'IN_PROGRESS',
    progress: `${progress}%`,
    prompt: `a red cat at the window, number ${id}, soft morning light --ar 3:2`,
    promptEn: `a red cat at the window, number ${id}, soft morning light --ar 3:2`,
    description: `/imagine a red cat at the window, number ${id}`,
    state: '',
    submitTime: 1_795_000_000_000,
    startTime: 1_795_000_001_000,
    finishTime: 0,
    failReason: '',
    imageUrl: '',
    buttons: [],
    properties: { finalPrompt: '', messageHash: '' },
  };
}

const port = await listen(server);
offer({
  setProgress: (value: number) => {
    progress = value;
    calls = { first: 0, last: 0, count: 0 };
  },
  calls: () => calls,
});
serve(`http://127.0.0.1:${port}`);

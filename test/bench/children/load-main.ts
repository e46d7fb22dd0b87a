import { median, percentile } from '../figures.js';
import { requestsOf, type LoadPlan, type LoadResult, type LoadRun } from './load-plan.js';
import { offer, serve } from './offer.js';
import { RawConnection } from './raw-connection.js';

/** Sends what it is told, as fast as the server answers; one wrong answer ends the run, for it would be no figure. */
let plan: LoadPlan | null = null;
let requests: Buffer[] = [];
let next = 0;

function prepare(given: LoadPlan): void {
  plan = given;
  requests = requestsOf(given);
  next = 0;
}

async function run(asked: LoadRun): Promise<LoadResult> {
  if (plan === null) throw new Error('there is no plan');
  const { urls, expects } = plan;
  const most = 'count' in asked ? asked.count : Infinity;
  const began = performance.now();
  const until = 'seconds' in asked ? began + asked.seconds * 1_000 : Infinity;
  const times: number[] = [];
  let bytes = 0;
  let sent = 0;
  const connections = Array.from(
    { length: asked.connections },
    (_, at) => new RawConnection(urls[at % urls.length] ?? ''),
  );
  const drive = (connection: RawConnection): Promise<void> =>
    new Promise((resolve, reject) => {
      const step = (): void => {
        if (sent >= most || performance.now() >= until) return resolve();
        sent += 1;
        const request = requests[next % requests.length] ?? Buffer.alloc(0);
        next += 1;
        const at = performance.now();
        connection.send(
          request,
          (answer) => {
            if (answer.status !== 200 || (expects !== '' && !answer.body.includes(expects))) {
              return reject(new Error(`a wrong answer: ${answer.status} ${answer.body.toString().slice(0, 300)}`));
            }
            times.push(performance.now() - at);
            bytes += answer.bytes;
            step();
          },
          reject,
        );
      };
      step();
    });
  try {
    await Promise.all(connections.map(drive));
  } finally {
    for (const connection of connections) connection.close();
  }
  const seconds = (performance.now() - began) / 1_000;
  return {
    answers: times.length,
    seconds,
    perSecond: times.length / seconds,
    megabytes: bytes / 1e6,
    medianMs: median(times),
    p99Ms: percentile(times, 0.99),
  };
}

/** One answer, whole: for comparing servers. */
async function look(at: number): Promise<string> {
  const connection = new RawConnection(plan?.urls[0] ?? '');
  try {
    const answer = await new Promise<Buffer>((resolve, reject) =>
      connection.send(requests[at] ?? Buffer.alloc(0), ({ body }) => resolve(body), reject),
    );
    return answer.toString();
  } finally {
    connection.close();
  }
}

offer({ prepare, run, look });
serve('');

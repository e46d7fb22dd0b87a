import { UpstreamHttp } from '#libs/upstream';

type Call = Parameters<UpstreamHttp['call']>;
export type Answer = Awaited<ReturnType<UpstreamHttp['call']>>;

interface Recorded {
  method: string;
  path: string;
  answer: Answer;
}

/** The HTTP client of adapters, which keeps what came, so that fields can be looked at that adapters do not read. */
export class RecordingHttp extends UpstreamHttp {
  private readonly calls: Recorded[] = [];
  private auth: Call[1]['auth'] = {};

  override async call(...[up, request]: Call): Promise<Answer> {
    const answer = await super.call(up, request);
    this.auth = request.auth;
    this.calls.push({ method: request.method, path: request.path, answer });
    return answer;
  }

  /** Reads a path as the adapter did last: with its secret. @throws UpstreamCallError */
  get(up: Call[0], path: string): Promise<Answer> {
    return this.call(up, { method: 'GET', path, auth: this.auth, isAwaited: true, deadlineMs: up.pollTimeoutMs });
  }

  /** The newest answer to a read whose path holds this text, as an object without its envelope; {}: there is none. */
  newest(text: string): Record<string, unknown> {
    const found = this.calls.findLast(({ method, path }) => method === 'GET' && path.includes(text));
    return found === undefined ? {} : objectIn(found.answer);
  }
}

/** The JSON of an answer as an object, without an envelope `data`; {}: it is none. */
export function objectIn({ json, body }: Answer): Record<string, unknown> {
  const value = json === null || json === undefined ? parsed(body) : json.value;
  if (!isObject(value)) return {};
  const inner: unknown = Array.isArray(value['data']) ? value['data'][0] : value['data'];
  return isObject(inner) ? inner : value;
}

/** An object in a field; {}: there is none. */
export function fieldOf(holder: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = holder[name];
  return isObject(value) ? value : {};
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

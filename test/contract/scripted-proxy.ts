import type { IncomingHttpHeaders } from 'node:http';
import { ScriptedServer, type Received } from '../../libs/upstream/test/scripted-server.js';
import { BreakableServer, type Said } from './breakable-server.js';
import type { Situation } from './contract-bench.js';
import type { Dialect, ScriptedTask } from './proxy-dialects.js';

const VERBS: Record<string, string> = { 'upload-discord-images': 'upload' };
/** Tasks that may run at once; the ones after it are told a place in the queue. */
const AT_ONCE = 50;
const SEED = '3127649981';

/** A scripted server of one dialect, which keeps tasks. */
export class ScriptedProxy extends BreakableServer<Dialect> {
  private readonly tasks = new Map<string, ScriptedTask>();
  private lastId = 1_795_000_000_000_000;

  private constructor(
    server: ScriptedServer,
    dialect: Dialect,
    private readonly secret: string,
  ) {
    super(server, dialect);
  }

  static async start(dialect: Dialect, secret: string): Promise<ScriptedProxy> {
    return new ScriptedProxy(await ScriptedServer.start(), dialect, secret);
  }

  add(state: string | null, status: ScriptedTask['status']): string {
    const id = String((this.lastId += 1));
    this.tasks.set(id, { id, state, status });
    return id;
  }

  countTasks(mark: string): number {
    return [...this.tasks.values()].filter(({ state }) => state === mark).length;
  }

  protected isAdmitted(headers: IncomingHttpHeaders): boolean {
    return headers['mj-api-secret'] === this.secret;
  }

  protected isRead({ path }: Received): boolean {
    return verbOf(path) === undefined;
  }

  protected usual({ path, body }: Received): Said {
    const sent = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>;
    const verb = verbOf(path);
    return verb === undefined ? this.read(path, sent) : this.submit(verb, sent);
  }

  protected override saidOf(situation: Situation, isRead: boolean): Said | undefined {
    if (isRead && situation === 'unreadable') return [200, '{"id":"17'];
    if (situation !== 'exists') return super.saidOf(situation, isRead);
    const properties = { status: 'SUCCESS', imageUrl: 'https://cdn.example.com/1.png' };
    const result = this.add(null, 'SUCCESS');
    return [200, { code: 21, description: '任务已存在', result, properties }];
  }

  private submit(verb: string, sent: Record<string, unknown>): Said {
    const { dialect } = this;
    const kind = VERBS[verb] ?? verb;
    if (dialect.lacks.some((lack) => lack === kind)) return dialect.noRoute;
    const state = typeof sent['state'] === 'string' ? sent['state'] : null;
    const ahead = Math.max(0, this.tasks.size - AT_ONCE);
    if (kind === 'upload') {
      const pictures = sent['base64Array'] as string[];
      return dialect.uploaded(pictures.map((_, at) => `https://cdn.example.com/attachments/${at}.png`));
    }
    if (kind === 'modal') {
      const task = this.tasks.get(String(sent['taskId']));
      if (task === undefined) return dialect.unknownTask;
      task.status = 'IN_PROGRESS';
      return dialect.accepted(task.id, ahead);
    }
    if (String(sent['customId']).startsWith('MJ::Inpaint::')) return dialect.windowOpened(this.add(state, 'MODAL'));
    return dialect.accepted(this.add(state, 'IN_PROGRESS'), ahead);
  }

  private read(path: string, sent: Record<string, unknown>): Said {
    const { dialect } = this;
    const newest = [...this.tasks.values()].reverse();
    if (path === '/mj/task/list')
      return dialect.lacks.includes('recent')
        ? [200, '<!doctype html><title>New API</title>']
        : [200, newest.slice(0, 100).map((task) => dialect.task(task))];
    if (path === '/mj/task/list-by-condition') {
      const ids = new Set(sent['ids'] as string[]);
      // The order is nobody's promise.
      return [200, newest.filter(({ id }) => ids.has(id)).map((task) => dialect.task(task))];
    }
    const [, id = '', what] = /^\/mj\/task\/([^/]+)\/(fetch|image-seed|cancel)$/.exec(path) ?? [];
    const task = this.tasks.get(id);
    switch (what) {
      case 'fetch':
        return task === undefined ? dialect.unknownTask : [200, dialect.task(task)];
      case 'image-seed':
        return task?.status === 'SUCCESS' ? dialect.seed(SEED) : dialect.noSeed;
      case 'cancel':
        if (task !== undefined && !dialect.lacks.includes('cancel')) task.status = 'FAILURE';
        return dialect.cancelled;
      default:
        return dialect.noRoute;
    }
  }
}

/** The verb of a submit; undefined: a read. */
function verbOf(path: string): string | undefined {
  return /^\/mj\/(?:submit|insight-face)\/([^/]+)$/.exec(path)?.[1];
}

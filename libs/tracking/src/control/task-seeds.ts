import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { SingleFlight } from '#libs/runtime';
import { isOperatorFault, UpstreamAdapter, UpstreamCallError, UpstreamCache } from '#libs/upstream';
import { scrubForeignText, type TaskAction } from '#libs/wire';
import { SeedRefusals } from './seed-refusals.js';
import { TaskSaver } from '../store/task-saver.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';

/** A task's seed, or the reason why there is none. */
export type SeedAnswer =
  | { kind: 'seed'; seed: string }
  | { kind: 'unknown_task' }
  | { kind: 'not_success' }
  /** The upstream is disabled, failing, or does not accept the gateway's credentials. */
  | { kind: 'no_upstream' }
  /** The upstream's own text, cleaned for clients; "" if it gave none. */
  | { kind: 'refused'; words: string }
  | { kind: 'unreachable' };

/** Actions without a seed: no random number is used, or no job is left to ask about. */
const SEEDLESS: ReadonlySet<TaskAction> = new Set(['DESCRIBE', 'SHORTEN', 'UPLOAD', 'SWAP_FACE']);
/** The answer for a task that can never have a seed. */
const NO_SEED: SeedAnswer = { kind: 'refused', words: '' };

/** Most attempts to save a seed on a row that is changed concurrently. */
const MAX_ROUNDS = 3;

/**
 * Seeds of finished tasks: read from the upstream once, then from the row. A task that can never have a seed is refused
 * without a call, and after two refusals the upstream is not asked again for a while.
 */
@Injectable()
export class TaskSeeds {
  private readonly asking = new SingleFlight<SeedAnswer>();
  private readonly refusals = new SeedRefusals();

  constructor(
    private readonly tasks: TaskRepository,
    private readonly saver: TaskSaver,
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
    private readonly database: Database,
  ) {}

  /**
   * The seed of a task. Concurrent requests on this replica share one call to the upstream.
   * @throws DatabaseUnavailableError
   */
  async seedOf(id: string, apiKeyId: string): Promise<SeedAnswer> {
    const task = await this.tasks.find(id, apiKeyId);
    if (task === null) return { kind: 'unknown_task' };
    if (task.seed !== null) return { kind: 'seed', seed: task.seed };
    if (task.status !== 'SUCCESS') return { kind: 'not_success' };
    if (SEEDLESS.has(task.action) || task.upstreamTaskId === null) return NO_SEED;
    const words = this.refusals.of(id);
    if (words !== null) return { kind: 'refused', words };
    return this.asking.run(id, () => this.ask(task));
  }

  private async ask(task: Task): Promise<SeedAnswer> {
    const { upstreamId, upstreamTaskId } = task;
    const up = upstreamId === null ? null : this.upstreams.find(upstreamId);
    // A retired upstream does not come back.
    if (up === null || upstreamTaskId === null || this.upstreams.probeStateOf(up.id).isRetired) return NO_SEED;
    if (!this.upstreams.isUsable(up.id)) return { kind: 'no_upstream' };
    try {
      const answer = await this.adapter.seed(up, upstreamTaskId);
      if (answer.kind === 'refused') {
        const words = scrubForeignText(answer.words);
        this.refusals.add(task.id, words);
        return { kind: 'refused', words };
      }
      await this.keep(task, answer.seed);
      return answer;
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return { kind: isOperatorFault(error.fault) ? 'no_upstream' : 'unreachable' };
    }
  }

  private async keep(task: Task, seed: string): Promise<void> {
    let fresh: Task | null = task;
    for (let round = 1; fresh !== null && round <= MAX_ROUNDS; round += 1) {
      const change = fresh.on({ kind: 'seeded', source: 'api', seed }, this.database.now());
      if (change === null || (await this.saver.saveNow(change))) return;
      fresh = await this.tasks.find(task.id, task.apiKeyId);
    }
  }
}

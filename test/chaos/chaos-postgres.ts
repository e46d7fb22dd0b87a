import { mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type EmbeddedPostgres } from '../../apps/quickstart/src/postgres/start-postgres.js';
import { guardThrowaway } from '../../apps/quickstart/src/postgres/throwaway-guard.js';

const DATABASE = 'chaos';

/**
 * A PostgreSQL of one scenario, with the durability of production (a test's throwaway one may lose commits when it is
 * stopped at once). It goes with this process, however that ends.
 */
export class ChaosPostgres {
  private constructor(
    private server: EmbeddedPostgres,
    /** Goes with it, whatever is put there. */
    readonly dir: string,
    private readonly guard: { release(): void },
  ) {}

  static async start(): Promise<ChaosPostgres> {
    const dir = mkdtempSync(join(realpathSync(tmpdir()), 'journeyman-chaos-'));
    const server = await launch(dir);
    return new ChaosPostgres(server, dir, guardThrowaway(server.home, dir, searchPath()));
  }

  get url(): string {
    return this.server.url;
  }

  /** As a crash of the server would: every connection breaks, nothing is written any more. */
  async stopAtOnce(): Promise<void> {
    process.kill(this.server.pid, 'SIGQUIT');
    while (this.server.isRunning()) await sleep(20);
  }

  /** Starts it again on the same data and port; resolves when it accepts connections. */
  async startAgain(): Promise<void> {
    this.server = await launch(this.dir, this.server.port);
  }

  async remove(): Promise<void> {
    await this.server.stop();
    for (const path of [this.server.home, this.dir]) await rm(path, { recursive: true, force: true });
    this.guard.release();
  }
}

function launch(dir: string, port?: number): Promise<EmbeddedPostgres> {
  return startPostgres({ dir, database: DATABASE, searchPath: searchPath(), ...(port === undefined ? {} : { port }) });
}

function searchPath(): string {
  return process.env['PATH'] ?? '';
}

import { join } from 'node:path';
import { type FastifyInstance } from 'fastify';
import { type Dialect, type Shared } from '../dialect.js';
import { Desk } from '../tasks/desk.js';
import { mountAccepted } from './accepted-routes.js';
import { ApimartIntake } from './apimart-intake.js';
import { type ApimartOptions, apimartSettings } from './apimart-options.js';
import { type ApimartRecord } from './apimart-record.js';
import { type ApimartParts, mountApimart } from './apimart-routes.js';
import { BeginningWork } from './beginning-work.js';
import { FilmWork } from './film-work.js';
import { FollowWork } from './follow-work.js';
import { Parents } from './parents.js';
import { WindowWork } from './window-work.js';

/** Tasks that run at once when nothing else is said. */
const CONCURRENCY = 12;

/** APIMart's wire: `/v1/midjourney/*` and `GET /v1/tasks/{id}`. */
export class ApimartDialect implements Dialect {
  readonly desk: Desk<ApimartRecord>;
  private readonly parts: ApimartParts;

  constructor({ dir, secret, runMs, concurrency, queue, base, inputs, describer }: Shared, options: ApimartOptions) {
    const settings = apimartSettings(options);
    const limits = { concurrency: concurrency ?? CONCURRENCY, queue };
    this.desk = new Desk(join(dir, 'apimart'), limits, () => undefined);
    const { store, runner } = this.desk;
    const parents = new Parents(store, settings.retentionMs);
    const intake = new ApimartIntake(store, runner, settings, runMs);
    this.parts = {
      secret,
      settings,
      base,
      parents,
      begin: new BeginningWork(intake, inputs, describer),
      goOn: new FollowWork(parents, intake),
      film: new FilmWork(parents, intake, inputs, describer),
      windows: new WindowWork(store, parents, intake, inputs, settings),
    };
  }

  mount(scope: FastifyInstance): void {
    mountApimart(scope, this.parts);
    mountAccepted(scope, this.desk.store);
  }
}

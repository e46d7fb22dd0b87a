import { join } from 'node:path';
import { type FastifyInstance } from 'fastify';
import { type Dialect, type Shared } from '../dialect.js';
import { Desk } from '../tasks/desk.js';
import { isTerminal, phaseAt } from '../tasks/lifecycle.js';
import { ArmedFaults } from './armed-faults.js';
import { mountTruth } from './truth-routes.js';
import { OPERATIONS } from './operations/operations.js';
import { type TobProfile } from './profile.js';
import { answerRefusals, orderedFaults, playAnswer, playBrokenRead, playRefusals } from './submit-routes.js';
import { TobBody } from './tob-body.js';
import { TobDesk } from './tob-desk.js';
import { type Operate, type TobTools } from './tob-draft.js';
import { areaOf, type TobFaults } from './tob-faults.js';
import { TobInputs } from './tob-inputs.js';
import { TobIntake } from './tob-intake.js';
import { type Operation } from './operation-names.js';
import { readTobPrompt } from './tob-prompt.js';
import { type TobRecord } from './tob-record.js';
import { Refusal } from './tob-refusal.js';

/** One vendor of the tob family: jobs under their ids, each read by itself, called back once at the end. */
export class TobDialect implements Dialect {
  readonly desk: Desk<TobRecord>;
  private readonly shown: TobDesk;
  private readonly intake: TobIntake;
  private readonly inputs: TobInputs;
  private readonly armed = new ArmedFaults();

  constructor(
    private readonly profile: TobProfile,
    private readonly shared: Shared,
  ) {
    const { dir, queue, runMs, inputs } = shared;
    const concurrency = shared.concurrency ?? profile.limits.concurrency;
    const limits = { concurrency, queue: profile.limits.queues ? queue : 0 };
    this.desk = new Desk(join(dir, profile.name), limits, (job) => this.callBack(job));
    this.shown = new TobDesk(profile, this.desk, shared, concurrency);
    this.intake = new TobIntake(profile, this.desk, runMs);
    this.inputs = new TobInputs(inputs, profile.lostLink);
  }

  mount(app: FastifyInstance): void {
    mountTruth(app, this.profile.name, this.shown, this.armed);
    this.mountUnder(app, this.profile.base, (scope) => {
      scope.setNotFoundHandler(() => {
        throw new Refusal('Not_Found', 'no such route');
      });
      this.mountSubmits(scope);
      this.mountReads(scope);
    });
    for (const base of this.profile.accountBases)
      this.mountUnder(app, base, (scope) => this.profile.mountAccount(scope, this.shown));
  }

  private mountUnder(app: FastifyInstance, prefix: string, mount: (scope: FastifyInstance) => void): void {
    void app.register(
      (scope, _options, ready) => {
        answerRefusals(scope, this.profile);
        scope.addHook('onRequest', async (request) => {
          this.profile.admit(request.headers, this.shared.secret);
          return Promise.resolve();
        });
        mount(scope);
        ready();
      },
      { prefix },
    );
  }

  private mountSubmits(app: FastifyInstance): void {
    for (const [name, operate] of Object.entries(OPERATIONS) as [Operation, Operate][]) {
      if (!this.profile.operations.has(name)) continue;
      app.post(`/${name}`, async (request, reply) => {
        const now = Date.now();
        const faults = new Map([...this.armed.take(name), ...orderedFaults(request)]);
        if (await playRefusals(reply, this.profile, faults)) return;
        const job = await this.intake.take(name, operate, TobBody.of(request.body), this.toolsOf(faults, now), now);
        await playAnswer(reply, faults, this.shown.begun(job, now));
      });
    }
  }

  private mountReads(app: FastifyInstance): void {
    app.get<{ Params: { id: string } }>('/job/:id', async (request, reply) => {
      if (await playRefusals(reply, this.profile, orderedFaults(request))) return;
      const now = Date.now();
      const { reads } = this.shown.job(request.params.id, now).faults;
      if (reads !== undefined) return playBrokenRead(reply, this.profile, reads);
      await reply.send(this.shown.read(request.params.id, now));
    });
  }

  private toolsOf(faults: TobFaults, now: number): TobTools {
    return {
      profile: this.profile,
      inputs: this.inputs,
      describer: this.shared.describer,
      area: areaOf(faults),
      faults,
      parent: (id) => this.shown.finished(id, now),
      read: (text) => {
        const prompt = readTobPrompt(text);
        this.profile.judge(prompt);
        return prompt;
      },
    };
  }

  private callBack(job: TobRecord): void {
    const now = Date.now();
    if (job.notifyHook === null || job.faults.callback === 'lost' || !isTerminal(phaseAt(job, now).status)) return;
    for (let times = job.faults.callback === 'twice' ? 2 : 1; times > 0; times -= 1) this.shown.tell(job, now);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Headers, type Json, SimulatorRig } from './simulator-rig.js';

/** A client of the simulator's APIMart dialect. */
export class ApimartRig extends SimulatorRig {
  /** Submits and gives the HTTP status and the body. */
  async submit(path: string, body: unknown, headers: Headers = {}): Promise<{ http: number; json: Json }> {
    const answer = await this.send(`/v1/midjourney/generations${path}`, body, headers);
    return { http: answer.status, json: (await answer.json()) as Json };
  }

  /** The id of a task that is taken in. */
  async begin(path: string, body: unknown, headers: Headers = {}): Promise<string> {
    const { http, json } = await this.submit(path, body, headers);
    const id = (json.data as Json[] | undefined)?.[0]?.task_id as string | undefined;
    if (id === undefined) throw new Error(`refused: ${http} ${JSON.stringify(json)}`);
    return id;
  }

  async midjourney(id: string, headers: Headers = {}): Promise<Json> {
    return (await (await fetch(`${this.url}/v1/midjourney/${id}`, { headers })).json()) as Json;
  }

  async unified(id: string): Promise<Json> {
    return (await (await this.read(`/v1/tasks/${id}`)).json()) as Json;
  }

  /** The task once it has ended, in Midjourney's form. */
  async finished(id: string): Promise<Json> {
    for (;;) {
      const now = await this.midjourney(id);
      if (now.status === 'SUCCESS' || now.status === 'FAILURE') return now;
      await sleep(10);
    }
  }

  /** Submits and waits for the end. */
  async done(path: string, body: unknown, headers: Headers = {}): Promise<Json> {
    return this.finished(await this.begin(path, body, headers));
  }

  /** What was accepted whose prompt contains a text. */
  async accepted(prompt: string): Promise<Json> {
    return (await (await this.read(`/apimart/accepted?prompt=${encodeURIComponent(prompt)}`)).json()) as Json;
  }
}

/** The ids of a task's buttons, without what is a job's own. */
export const buttonWords = (task: Json): string[] =>
  (task.buttons as Json[]).map(({ customId }) => (customId as string).replace(/::[0-9a-f-]{36}.*$/, ''));

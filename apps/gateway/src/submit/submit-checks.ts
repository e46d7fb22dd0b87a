import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BannedWords } from '#libs/access';
import type { PlannedTasks } from './new-task-builder.js';
import type { SubmitPlan } from './plans/submit-plan.js';

/** What is looked for in the prompts of a submit before anything is opened. */
@Injectable()
export class SubmitChecks {
  constructor(private readonly banned: BannedWords) {}

  /** A banned word of the prompt or of its jobs: expanding `{a, b}` may join words that do not stand together in the prompt. */
  async bannedWordIn({ typed }: SubmitPlan, tasks: PlannedTasks): Promise<string | null> {
    if (typed === undefined) return null;
    const texts = tasks.length === 1 ? [typed.text] : [typed.text, ...new Set(tasks.map(({ plan }) => plan.prompt))];
    for (const [at, text] of texts.entries()) {
      // One prompt a turn: forty of 8 KiB in one turn of the event loop would hold up other requests.
      if (at > 0) await nextTurn();
      const word = await this.banned.find(text);
      if (word !== null) return word;
    }
    return null;
  }
}

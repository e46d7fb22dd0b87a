import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** What becomes of a prompt that is several jobs is the key's to say, else the setting's. */
export class ExpandPrompts1796000000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_key
        add column prompt_expansion text check (prompt_expansion in ('expand', 'refuse', 'pass'))`);
    await describe(runner, 'api_key', 'API keys: who may submit, and on what terms. The key itself is not stored.', {
      prompt_expansion:
        'What becomes of prompts that are several jobs: expand, refuse, or pass (sent as they are, at the price of all); null: PROMPT_EXPANSION.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table api_key drop column prompt_expansion');
  }
}

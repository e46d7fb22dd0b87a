import { Injectable } from '@nestjs/common';
import { listBannedWords, replaceBannedWords } from '#libs/access';
import { Database } from '#libs/database';
import { wrongFields } from '../../http/errors/problem.js';
import { AdminAudit } from '../admin-audit.js';
import type { AdminCall } from '../admin-call.js';
import type { BannedWordDto, BannedWordsView } from './banned-word.dto.js';

/** The banned words as a whole. */
@Injectable()
export class BannedWordService {
  constructor(
    private readonly database: Database,
    private readonly audit: AdminAudit,
  ) {}

  async list(): Promise<BannedWordsView> {
    const words = await listBannedWords(this.database);
    return { words: words.map(({ word, note, createdAt }) => ({ word, note, createdAt })) };
  }

  /** @throws Problem when a word is there twice */
  async replace(given: readonly BannedWordDto[], call: AdminCall): Promise<BannedWordsView> {
    const words = given.map(({ word, note = '' }) => ({ word, note }));
    const doubles = words.flatMap(({ word }, at) => (words.findIndex((other) => other.word === word) < at ? [at] : []));
    if (doubles.length > 0) {
      throw wrongFields(doubles.map((at) => ({ field: `words[${at}].word`, message: 'is there twice' })));
    }
    await this.audit.within(call, { target: 'banned-words', detail: { words } }, (runner) =>
      replaceBannedWords(runner, words),
    );
    return this.list();
  }
}

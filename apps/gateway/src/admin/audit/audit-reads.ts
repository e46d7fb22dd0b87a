import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditEntry } from '#libs/access';
import { ReadPermits } from '../../traffic/read-permits.js';
import { ListCursors, type Page } from '../list-cursor.js';
import { USUAL_PAGE } from '../list-query.dto.js';
import type { AuditEntryDto, AuditQuery } from './audit.dto.js';

const LIST = 'audit';

/** What was changed through the admin API. */
@Injectable()
export class AuditReads {
  constructor(
    private readonly source: DataSource,
    private readonly cursors: ListCursors,
    private readonly permits: ReadPermits,
  ) {}

  /** Newest first. @throws Problem for a wrong cursor */
  async page(query: AuditQuery): Promise<Page<AuditEntryDto>> {
    const { limit = USUAL_PAGE, target, requestId, from, to } = query;
    const after = this.cursors.read(LIST, query.cursor);
    const found = this.source.getRepository(AuditEntry).createQueryBuilder('entry');
    if (after !== null) found.andWhere('entry.id < :after', { after: after[0] });
    if (target !== undefined) found.andWhere('entry.target = :target', { target });
    if (requestId !== undefined) found.andWhere('entry.requestId = :requestId', { requestId });
    if (from !== undefined) found.andWhere('entry.at >= :from', { from });
    if (to !== undefined) found.andWhere('entry.at < :to', { to });
    found.orderBy('entry.id', 'DESC').limit(limit + 1);
    const rows = await this.permits.search(() => found.getMany());
    return this.cursors.page(LIST, rows, limit, ({ id }) => [id]);
  }
}
